package lint

import (
	"path"
	"slices"
	"strings"
)

// script is what a shell is told to run, as far as rules look at it: simple
// commands and loops, in their order. Functions, arithmetic and expansions stay
// text.
type script struct {
	text  string
	calls []call
	loops []loop
}

// call is one simple command.
type call struct {
	words   []string // without quotes
	writes  []string // files that > writes
	appends []string // files that >> adds to
	loop    int      // the innermost loop around it, from 1 on; 0: none
	guarded bool     // it runs under if, && or ||
}

// loop is a while, until or for.
type loop struct {
	kind string
	text string // from its first word to done
}

// name is the command's name, without its directory.
func (c call) name() string {
	if len(c.words) == 0 {
		return ""
	}
	return path.Base(c.words[0])
}

// is reports whether a command begins with words, options between them left out.
func (c call) is(words ...string) bool {
	if c.name() != words[0] {
		return false
	}
	rest := words[1:]
	for _, w := range c.words[1:] {
		if len(rest) > 0 && w == rest[0] {
			rest = rest[1:]
		} else if !strings.HasPrefix(w, "-") {
			break
		}
	}
	return len(rest) == 0
}

// has reports whether a short option, by its letter, or a long one is given.
func (c call) has(letter, long string) bool {
	return slices.ContainsFunc(c.words, func(w string) bool {
		name, isLong := strings.CutPrefix(w, "--")
		name, _, _ = strings.Cut(name, "=")
		short, isShort := strings.CutPrefix(w, "-")
		return isLong && name == long && long != "" || !isLong && isShort && letter != "" && strings.Contains(short, letter)
	})
}

// operands are the words that are no options, without the name.
func (c call) operands() []string {
	var all []string
	for _, w := range c.words[min(1, len(c.words)):] {
		if !strings.HasPrefix(w, "-") {
			all = append(all, w)
		}
	}
	return all
}

// shells are the programs that run scripts.
func shells() []string { return []string{"sh", "bash", "ash", "dash", "ksh", "zsh"} }

// scriptIn finds the script in a command line, and its place there; -1 when no
// shell is given one.
func scriptIn(words []string) (text string, at int) {
	shell := slices.IndexFunc(words, func(w string) bool { return slices.Contains(shells(), path.Base(w)) })
	if shell < 0 {
		return "", -1
	}
	commanded := false
	for i := shell + 1; i < len(words); i++ {
		option := words[i]
		if !isOption(option) {
			if commanded {
				return option, i
			}
			return "", -1
		}
		commanded = commanded || !strings.HasPrefix(option, "--") && strings.Contains(option, "c")
		if strings.HasSuffix(option, "o") && !strings.HasPrefix(option, "--") { // -o pipefail
			i++
		}
	}
	return "", -1
}

// isOption reports whether a word behind a shell is one of its options.
func isOption(word string) bool { return len(word) > 1 && (word[0] == '-' || word[0] == '+') }

// parseScript reads a script; what it does not understand it leaves out.
func parseScript(text string) script {
	r := reader{lexer: lexer{text: text}, script: script{text: text}}
	r.read(0)
	return r.script
}

// reader puts the tokens of a script together.
type reader struct {
	lexer
	script
	open []int // loops that are not done
	from []int // where they begin
	deep int   // if that are not over
	next bool  // the next command runs only if this one did, or did not
}

// maxNested bounds scripts in scripts.
const maxNested = 4

func (r *reader) read(nested int) {
	var c call
	target := (*[]string)(nil) // where the next word goes that is a file
	for {
		t := r.token()
		switch {
		case t.kind == word && target != nil:
			*target, target = append(*target, t.text), nil
		case t.kind == word && len(c.words) == 0 && r.keyword(t):
		case t.kind == word:
			c.words = append(c.words, t.text)
			r.inner(t.text, nested)
		case t.text == ">":
			target = &c.writes
		case t.text == ">>":
			target = &c.appends
		case t.text == "<":
			target = &[]string{}
		default:
			r.end(c, t.text)
			c, target = call{}, nil
		}
		if t.kind == ending {
			return
		}
	}
}

// end takes a command in, and what follows it: a new line, ; & && | || or the end.
func (r *reader) end(c call, by string) {
	if len(c.words) > 0 || len(c.writes) > 0 || len(c.appends) > 0 {
		c.guarded = r.deep > 0 || r.next || by == "||" || by == "&&" && c.name() != "cd"
		if len(r.open) > 0 {
			c.loop = r.open[len(r.open)-1]
		}
		r.calls = append(r.calls, c)
	}
	r.next = by == "&&" || by == "||"
}

// inner reads the commands in $( ) of a word.
func (r *reader) inner(text string, nested int) {
	for nested < maxNested {
		_, rest, ok := strings.Cut(text, "$(")
		if !ok || strings.HasPrefix(rest, "(") {
			return
		}
		more := reader{lexer: lexer{text: rest, inParens: true}}
		more.read(nested + 1)
		r.calls = append(r.calls, more.calls...)
		text = rest[min(more.at, len(rest)):]
	}
}

// keyword takes in a word of the shell's own, where a command begins.
func (r *reader) keyword(t token) bool {
	if t.quoted {
		return false
	}
	switch t.text {
	case "if", "case":
		r.deep++
	case "fi", "esac":
		r.deep = max(r.deep-1, 0)
	case "while", "until", "for":
		r.loops = append(r.loops, loop{kind: t.text})
		r.open, r.from = append(r.open, len(r.loops)), append(r.from, t.at)
	case "done":
		r.closeLoop()
	case "then", "else", "elif", "do", "{", "}", "!", "exec", "time":
	default:
		return false
	}
	return true
}

func (r *reader) closeLoop() {
	if last := len(r.open) - 1; last >= 0 {
		r.loops[r.open[last]-1].text = r.lexer.text[r.from[last]:r.at]
		r.open, r.from = r.open[:last], r.from[:last]
	}
}
