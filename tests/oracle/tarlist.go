// Lists tars as Go's archive/tar reads them, which is how container engines read layers.
// A line an entry: type flag, mode, uid, gid, size, mtime, and name and link in hexadecimal;
// then "end", or "stop" and the error. Each file begins with "file".
package main

import (
	"archive/tar"
	"bufio"
	"fmt"
	"io"
	"os"
)

func list(out io.Writer, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	reader := tar.NewReader(bufio.NewReader(file))
	for {
		h, err := reader.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%c %o %d %d %d %d x%x x%x\n", h.Typeflag, h.Mode&07777, h.Uid, h.Gid,
			h.Size, h.ModTime.Unix(), h.Name, h.Linkname)
	}
}

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, name := range os.Args[1:] {
		fmt.Fprintln(out, "file")
		if err := list(out, name); err != nil {
			fmt.Fprintf(out, "stop %q\n", err)
		} else {
			fmt.Fprintln(out, "end")
		}
	}
}
