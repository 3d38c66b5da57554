package lint

import "strings"

// The kinds of tokens.
const (
	operator = iota
	word
	ending
)

// token is a word or an operator of a shell script.
type token struct {
	kind   int
	text   string
	quoted bool
	at     int
}

// lexer cuts a shell script into tokens. It knows quotes, comments and here
// documents; expansions stay in the words as they are.
type lexer struct {
	text     string
	at       int
	inParens bool     // it ends at a closing parenthesis
	heredocs []string // words that end the here documents of this line
}

// token returns the next token.
func (l *lexer) token() token {
	l.blanks()
	if l.at >= len(l.text) {
		return token{kind: ending}
	}
	for _, op := range []string{"<<<", "<<-", "&&", "||", ";;", ">>", "<<", ">|", "\n", ";", "|", "&", "(", ")", ">", "<"} {
		if strings.HasPrefix(l.text[l.at:], op) {
			l.at += len(op)
			return l.operator(op)
		}
	}
	return l.word()
}

func (l *lexer) operator(op string) token {
	switch op {
	case ")":
		if l.inParens {
			return token{kind: ending}
		}
	case "\n":
		l.skipHeredocs()
	case ">|":
		op = ">"
	case "<<<":
		op = "<"
	case "<<", "<<-":
		l.blanks()
		if l.at < len(l.text) && l.text[l.at] != '\n' {
			l.heredocs = append(l.heredocs, l.word().text)
		}
		return l.token()
	case ">", ">>", "<":
		if l.at < len(l.text) && l.text[l.at] == '&' { // >&2
			l.at++
			l.word()
			return l.token()
		}
	}
	return token{text: op}
}

// blanks skips what stands between tokens.
func (l *lexer) blanks() {
	for l.at < len(l.text) {
		switch rest := l.text[l.at:]; {
		case rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\r':
			l.at++
		case strings.HasPrefix(rest, "\\\n"):
			l.at += 2
		case rest[0] == '#':
			l.at += len(rest)
			if end := strings.IndexByte(rest, '\n'); end >= 0 {
				l.at += end - len(rest)
			}
		default:
			return
		}
	}
}

// word reads a word, its quotes taken away.
func (l *lexer) word() token {
	t := token{kind: word, at: l.at}
	var b strings.Builder
	for l.at < len(l.text) && !strings.ContainsRune(" \t\r\n;|&<>()", rune(l.text[l.at])) {
		switch c := l.text[l.at]; {
		case c == '\'' || c == '"':
			t.quoted = true
			b.WriteString(l.quoted(c))
		case c == '\\' && l.at+1 < len(l.text):
			b.WriteByte(l.text[l.at+1])
			l.at += 2
		case c == '`' || strings.HasPrefix(l.text[l.at:], "$(") || strings.HasPrefix(l.text[l.at:], "${"):
			b.WriteString(l.expansion())
		default:
			b.WriteByte(c)
			l.at++
		}
	}
	if digits := b.String(); l.at < len(l.text) && (l.text[l.at] == '>' || l.text[l.at] == '<') && strings.Trim(digits, "012") == "" && digits != "" {
		return l.redirected()
	}
	t.text = b.String()
	return t
}

// redirected skips the number in front of > and <, and what stderr goes to.
func (l *lexer) redirected() token {
	if l.text[l.at-1] != '2' {
		return l.token()
	}
	if op := l.token(); op.kind == operator && (op.text == ">" || op.text == ">>") {
		l.blanks()
		l.word()
		return l.token()
	} else {
		return op
	}
}

// quoted reads a quoted part of a word.
func (l *lexer) quoted(quote byte) string {
	l.at++
	start := l.at
	for l.at < len(l.text) && l.text[l.at] != quote {
		if l.text[l.at] == '\\' && quote == '"' {
			l.at++
		}
		l.at++
	}
	l.at = min(l.at, len(l.text))
	text := l.text[start:l.at]
	l.at = min(l.at+1, len(l.text))
	return text
}

// expansion reads `...`, $(...), $((...)) and ${...} as they are.
func (l *lexer) expansion() string {
	start := l.at
	if l.text[l.at] == '`' {
		l.quoted('`')
		return l.text[start:l.at]
	}
	open, shut := l.text[l.at+1], byte(')')
	if open == '{' {
		shut = '}'
	}
	depth := 0
	for l.at++; l.at < len(l.text); l.at++ {
		switch l.text[l.at] {
		case open:
			depth++
		case shut:
			depth--
		}
		if depth == 0 {
			l.at++
			break
		}
	}
	return l.text[start:l.at]
}

// skipHeredocs skips the here documents that the line before has asked for.
func (l *lexer) skipHeredocs() {
	for len(l.heredocs) > 0 && l.at < len(l.text) {
		line, _, _ := strings.Cut(l.text[l.at:], "\n")
		l.at = min(l.at+len(line)+1, len(l.text))
		if strings.TrimSpace(line) == l.heredocs[0] {
			l.heredocs = l.heredocs[1:]
		}
	}
	l.heredocs = nil
}
