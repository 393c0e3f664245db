// Command docscheck fails when a relative link of a Markdown file of the tree
// leads nowhere, or when a page names a path of somebody's machine.
//
//	go run ./docscheck ROOT
package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)(?:\s+"[^"]*")?\)`)
	heading = regexp.MustCompile(`(?m)^#{1,6}\s+(.+?)\s*#*\s*$`)
	fence   = regexp.MustCompile("(?ms)^```.*?^```[^\n]*$")
	code    = regexp.MustCompile("`[^`\n]*`")
	machine = regexp.MustCompile(`(?:^|[\s("'` + "`" + `])/(?:home|root|Users|work)/\S+`)
)

func main() {
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	problems, pages, err := check(root)
	if err != nil {
		fmt.Fprintln(os.Stderr, "docscheck:", err)
		os.Exit(1)
	}
	for _, p := range problems {
		fmt.Println(p)
	}
	if len(problems) > 0 {
		os.Exit(1)
	}
	fmt.Printf("docscheck: %d pages, all links lead somewhere\n", pages)
}

// check reads every Markdown page below root and returns what is wrong with them.
func check(root string) (problems []string, pages int, err error) {
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && skipped(path, root, d.Name()) {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".md" {
			return nil
		}
		pages++
		found, err := checkPage(path)
		problems = append(problems, found...)
		return err
	})
	return problems, pages, err
}

// skipped leaves out what is not documentation of the project: hidden folders,
// test data, built and stored things.
func skipped(path, root, name string) bool {
	if path == root {
		return false
	}
	switch name {
	case "testdata", "data", "dist", "bin", "node_modules":
		return true
	}
	return strings.HasPrefix(name, ".")
}

func checkPage(path string) ([]string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var problems []string
	if m := machine.FindString(string(raw)); m != "" {
		problems = append(problems, fmt.Sprintf("%s: names a path of a machine: %s", path, strings.TrimSpace(m)))
	}
	text := code.ReplaceAllString(fence.ReplaceAllString(string(raw), ""), "")
	for _, m := range link.FindAllStringSubmatch(text, -1) {
		if reason := checkLink(path, m[1]); reason != "" {
			problems = append(problems, fmt.Sprintf("%s: link %s: %s", path, m[1], reason))
		}
	}
	return problems, nil
}

// checkLink returns why a link of the page leads nowhere, or "".
func checkLink(page, target string) string {
	if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
		return ""
	}
	file, anchor, _ := strings.Cut(target, "#")
	if file == "" {
		file = page
	} else {
		file = filepath.Join(filepath.Dir(page), file)
	}
	if _, err := os.Stat(file); err != nil {
		return "no such file"
	}
	if anchor == "" || filepath.Ext(file) != ".md" {
		return ""
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	for _, m := range heading.FindAllStringSubmatch(fence.ReplaceAllString(string(raw), ""), -1) {
		if slug(m[1]) == anchor {
			return ""
		}
	}
	return "no such heading"
}

// slug is the anchor that code hosts give a heading.
func slug(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case r == ' ' || r == '-':
			b.WriteByte('-')
		case r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127:
			b.WriteRune(r)
		}
	}
	return b.String()
}
