package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"sigs.k8s.io/kustomize/kyaml/kio"

	"github.com/krm-sidecars/krm-sidecars/tests/proof/record"
)

func main() {
	var err error
	if len(os.Args) == 3 && os.Args[1] == "kyaml" {
		err = kyaml(os.Args[2])
	} else {
		err = compare()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// kyaml reads a stream and writes it, as every tool that is built on kyaml has to.
func kyaml(file string) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	items, err := (&kio.ByteReader{Reader: in, OmitReaderAnnotations: true}).Read()
	if err != nil {
		return err
	}
	return kio.ByteWriter{Writer: os.Stdout}.Write(items)
}

// objects is how many Deployments all tools get.
const objects = 1000

func compare() error {
	dir, err := os.MkdirTemp("", "peers")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	bin, self, err := programs()
	if err != nil {
		return err
	}
	outcomes, err := measure(dir, peers(bin, self), objects, 5)
	if err != nil {
		return err
	}
	tables := []record.Table{tableOf(outcomes)}
	show(os.Stdout, tables[0])
	hosts := record.Table{Caption: "kustomize with our functions as exec transformers, in seconds, one run each",
		Head: []string{"Deployments", "no function", "one InjectSidecars with four functions", "four transformers", "ratio"}}
	for _, n := range []int{200, 500, 1000} {
		got, err := through(dir, bin, n)
		if err != nil {
			return err
		}
		hosts.Rows = append(hosts.Rows, []string{strconv.Itoa(n), seconds(middle(got[0].times)), seconds(middle(got[1].times)), seconds(middle(got[2].times)),
			fmt.Sprintf("%.1f", middle(got[2].times).Seconds()/middle(got[1].times).Seconds())})
	}
	show(os.Stdout, hosts)
	return errors.Join(record.Write("faster", record.Part{Tables: append(tables, hosts)}), missed(outcomes))
}

// programs builds ours, and finds the folder of the others and this program.
func programs() (bin, self string, err error) {
	if bin, err = filepath.Abs(".bin"); err != nil {
		return "", "", err
	}
	if self, err = os.Executable(); err != nil {
		return "", "", err
	}
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", filepath.Join(bin, "krm-sidecars"), ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", "", fmt.Errorf("building krm-sidecars: %w: %s", err, out)
	}
	for _, p := range peers(bin, self) {
		if _, err := os.Stat(p.args[0]); err != nil {
			return "", "", fmt.Errorf("looking for %s: %w; make bench-peers builds it", p.name, err)
		}
	}
	return bin, self, nil
}

func tableOf(outcomes []outcome) record.Table {
	t := record.Table{Caption: "1,000 Deployments, one log sidecar each; medians of 5 runs, in turns",
		Head: []string{"tool", "adds", "seconds", "times ours", "CPU seconds", "peak memory, MiB", "lines of the input lost"}}
	for _, o := range outcomes {
		t.Rows = append(t.Rows, []string{o.peer.name, o.peer.does, seconds(middle(o.times)), fmt.Sprintf("%.1f", ratio(o, outcomes[0])), seconds(middle(o.cpu)),
			strconv.FormatInt(o.peak>>20, 10), strconv.Itoa(o.lost)})
	}
	return t
}

func ratio(o, ours outcome) float64 { return middle(o.times).Seconds() / middle(ours.times).Seconds() }

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()) }

// missed tells which targets were not reached.
func missed(outcomes []outcome) error {
	ours := outcomes[0]
	var errs []error
	if ours.lost > 0 {
		errs = append(errs, fmt.Errorf("we lose %d lines of the input", ours.lost))
	}
	for _, o := range outcomes[1:] {
		if got := ratio(o, ours); got < o.peer.times {
			errs = append(errs, fmt.Errorf("%s takes %.1f times as long as we, the target is %.0f", o.peer.name, got, o.peer.times))
		}
		if o.peer.times > 0 && o.peak <= ours.peak {
			errs = append(errs, fmt.Errorf("%s takes %d MiB, we %d", o.peer.name, o.peak>>20, ours.peak>>20))
		}
	}
	return errors.Join(errs...)
}

// show prints a table with columns of equal width.
func show(out io.Writer, t record.Table) {
	widths := make([]int, len(t.Head))
	rows := slices.Concat([][]string{t.Head}, t.Rows)
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len(cell))
		}
	}
	fmt.Fprintln(out, cmp.Or(t.Caption, "figures"))
	for _, row := range rows {
		for i, cell := range row {
			fmt.Fprintf(out, "  %-*s", widths[i], cell)
		}
		fmt.Fprintln(out)
	}
}
