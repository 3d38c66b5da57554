// Command bench compares our speed and memory with kyaml's, which reads and
// writes the same bytes and changes nothing. All figures are ratios measured in
// one run: absolute times depend on the machine.
package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"sigs.k8s.io/kustomize/kyaml/kio"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/tests/bench/load"
)

// scene is an input, what is injected, and the ratio to kyaml's time that is to
// be reached.
type scene struct {
	name   string
	input  func() string
	config string
	limit  float64
	rival  string // kyaml, unless the output is so much larger than the input that kyaml has to write as much
}

// The rivals. Both read the input with kyaml; one writes it as it is, the other
// writes what we made of it, as a function built on kyaml would have to.
const (
	sameRival  = "kyaml"
	grownRival = "kyaml-grown"
)

// scenes has a scene for every function. The last is ten times the first.
func scenes() []scene {
	thousand := func() string { return load.Deployments(1000) }
	all := []scene{
		{"1,000 Deployments, all injected", thousand, load.Logs, 0.35, sameRival},
		{"16 MB, 20 % Deployments", func() string { return load.Mixed(10000) }, load.Logs, 0.12, sameRival},
		{"16 MB without a workload", func() string { return load.Plain(10000) }, load.Logs, 0.02, sameRival},
		{"16 MB of long texts, 20 % Deployments", func() string { return load.Texts(10000, 5) }, load.Logs, 0.12, sameRival},
		{"16 MB of long texts", func() string { return load.Texts(10000, 0) }, load.Logs, 0.02, sameRival},
		{"ResourceList of 1,000 Deployments", func() string { return load.Listed(load.Deployments(1000)) }, load.Logs, 0.5, sameRival},
		{"1,000 with ConfigMaps for fluent-bit", thousand, load.FluentBit, 0.35, grownRival},
	}
	for _, f := range functions.All() {
		all = append(all, example(f, thousand))
	}
	return append(all, scene{"10,000 Deployments", func() string { return load.Deployments(10000) }, load.Logs, 0.35, sameRival})
}

// example is the scene of a function: its example, unless that does not fit the
// input.
func example(f krm.Function, input func() string) scene {
	s := scene{"1,000 with " + f.Name, input, f.Example, 0.35, grownRival}
	if fitting, ok := map[string]string{"add-exporter": load.PodMonitor, "inject-sidecars": load.Several}[f.Name]; ok {
		s.config = fitting
	}
	return s
}

func main() {
	var err error
	if len(os.Args) > 1 {
		err = child(os.Args[1], os.Args[2])
	} else {
		err = compare()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// child does the work once and prints how long it took. It also writes the
// inputs: a parent that stays small does not count into its children's memory.
func child(who, file string) error {
	for _, s := range scenes() {
		if who == s.name {
			return s.write(file)
		}
	}
	work, err := worker(who, file)
	if err != nil {
		return err
	}
	start := time.Now()
	err = work()
	fmt.Println(time.Since(start).Nanoseconds())
	return err
}

// worker prepares what is to be measured.
func worker(who, file string) (func() error, error) {
	switch who {
	case sameRival:
		return func() error { return theirs(file, nil) }, nil
	case grownRival:
		var grown strings.Builder
		if err := ours(file, &grown); err != nil {
			return nil, err
		}
		items, err := (&kio.ByteReader{Reader: strings.NewReader(grown.String())}).Read()
		return func() error { return theirs(file, items) }, err
	}
	return func() error { return ours(file, io.Discard) }, nil
}

// write writes the input, and the config beside it.
func (s scene) write(file string) error {
	if err := os.WriteFile(configFile(file), []byte(s.config), 0o600); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(s.input()), 0o600)
}

// configFile is the config that belongs to an input.
func configFile(input string) string { return filepath.Join(filepath.Dir(input), "config.yaml") }

// measure is the best time of several runs and the most memory one took.
type measure struct {
	time time.Duration
	peak int64 // bytes
}

func run(who, file string, times int) (measure, error) {
	m := measure{time: time.Hour}
	for range times {
		cmd := exec.Command(os.Args[0], who, file)
		out, err := cmd.Output()
		if err != nil {
			return m, fmt.Errorf("running %s: %w", who, err)
		}
		ns, err := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
		if err != nil {
			return m, err
		}
		m.time = min(m.time, time.Duration(ns))
		if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			m.peak = max(m.peak, usage.Maxrss*1024)
		}
	}
	return m, nil
}

func compare() error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Printf("%-38s %9s %9s %7s %7s %16s\n", "input", "ours", "kyaml", "ratio", "limit", "peak / input")
	var first, last measure
	for i, s := range scenes() {
		m, err := s.show(filepath.Join(dir, "input.yaml"))
		if err != nil {
			return err
		}
		if last = m; i == 0 {
			first = m
		}
	}
	fmt.Printf("%-38s %.1f x the time (limit 11)\n", "10 x the Deployments", last.time.Seconds()/first.time.Seconds())
	return starts(dir)
}

func (s scene) show(file string) (measure, error) {
	if err := exec.Command(os.Args[0], s.name, file).Run(); err != nil {
		return measure{}, fmt.Errorf("writing %s: %w", s.name, err)
	}
	info, err := os.Stat(file)
	if err != nil {
		return measure{}, err
	}
	mine, err := run("ours", file, 7)
	if err != nil {
		return mine, err
	}
	other, err := run(s.rival, file, 2)
	if err != nil {
		return mine, err
	}
	size := float64(info.Size())
	fmt.Printf("%-38s %9s %9s %7.3f %7.3f %9.1f (%.1f)\n", s.name, mine.time.Round(time.Millisecond), other.time.Round(time.Millisecond),
		mine.time.Seconds()/other.time.Seconds(), s.limit, float64(mine.peak)/size, float64(other.peak)/size)
	return mine, nil
}

const hello = "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello\") }\n"

// starts compares the start of the program, on one document, with that of a Go
// program that does nothing.
func starts(dir string) error {
	source := filepath.Join(dir, "hello.go")
	input := filepath.Join(dir, "one.yaml")
	conf := filepath.Join(dir, "config.yaml")
	for file, text := range map[string]string{source: hello, input: load.Deployments(1), conf: load.Logs} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return err
		}
	}
	for out, pkg := range map[string]string{"hello": source, "product": "."} {
		cmd := exec.Command("go", "build", "-ldflags=-s -w", "-trimpath", "-o", filepath.Join(dir, out), pkg)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if text, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("building %s: %w: %s", pkg, err, text)
		}
	}
	base, product, err := started([]string{filepath.Join(dir, "hello")}, []string{filepath.Join(dir, "product"), "inject", "-c", conf, input})
	if err != nil {
		return err
	}
	fmt.Printf("%-38s %9s %9s %7.1f %7.1f\n", "start (against hello world)", product.Round(10*time.Microsecond), base.Round(10*time.Microsecond), product.Seconds()/base.Seconds(), 3.0)
	return nil
}

// started returns the median times of two processes from start to end, run in
// turns.
func started(first, second []string) (a, b time.Duration, err error) {
	var times [2][]time.Duration
	for range 150 {
		for i, args := range [][]string{first, second} {
			start := time.Now()
			if err := exec.Command(args[0], args[1:]...).Run(); err != nil {
				return 0, 0, fmt.Errorf("running %s: %w", args[0], err)
			}
			times[i] = append(times[i], time.Since(start))
		}
	}
	for i := range times {
		slices.Sort(times[i])
	}
	return times[0][len(times[0])/2], times[1][len(times[1])/2], nil
}
