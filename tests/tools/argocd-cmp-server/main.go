// Command argocd-cmp-server is Argo CD's own server for config management
// plugins. As "argocd-cmp-server generate SOCKET REPO PATH" it is the client that
// is in the repo-server: it sends a folder to a plugin and prints the manifests
// that come back.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/argoproj/argo-cd/v3/cmd/argocd-cmp-server/commands"
	"github.com/argoproj/argo-cd/v3/cmpserver/apiclient"
	"github.com/argoproj/argo-cd/v3/util/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// patience is how long Argo CD waits for a plugin unless told otherwise.
const patience = 90 * time.Second

func main() {
	var err error
	if len(os.Args) > 1 && os.Args[1] == "generate" {
		err = generate(os.Stdout, os.Args[2:])
	} else {
		err = commands.NewCommand().Execute()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func generate(out io.Writer, args []string) error {
	if len(args) != 3 {
		return errors.New("usage: argocd-cmp-server generate SOCKET REPO PATH")
	}
	socket, repo, path := args[0], args[1], args[2]
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := grpc.NewClient("unix:"+socket, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultCallOptions(grpc.WaitForReady(true)))
	if err != nil {
		return err
	}
	defer conn.Close()
	stream, err := apiclient.NewConfigManagementPluginServiceClient(conn).GenerateManifest(ctx)
	if err != nil {
		return err
	}
	if err := cmp.SendRepoStream(ctx, filepath.Join(repo, path), repo, stream, nil, nil); err != nil {
		return err
	}
	response, err := stream.CloseAndRecv()
	if err != nil {
		return err
	}
	for _, manifest := range response.Manifests { // JSON, or YAML, as Argo CD splits it
		fmt.Fprintf(out, "---\n%s\n", manifest)
	}
	return nil
}
