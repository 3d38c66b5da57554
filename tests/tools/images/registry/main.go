// Command registry is a registry for tests: it listens on this machine alone,
// prints its address, and keeps what it is given until it ends.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/google/go-containerregistry/pkg/registry"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(listener.Addr())
	quiet := registry.Logger(log.New(io.Discard, "", 0))
	fmt.Fprintln(os.Stderr, http.Serve(listener, registry.New(quiet)))
	os.Exit(1)
}
