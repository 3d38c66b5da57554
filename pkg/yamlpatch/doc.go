// Package yamlpatch changes YAML text where an edit asks for it and nowhere
// else.
//
// Parse reads a document with a reader of our own that knows the byte span of
// every node. Apply edits the tree, works out which lines or characters have to
// change, and splices them into the source: comments, blank lines, quotes, key
// order, line ends and indentation around a change stay as they are. The
// printer is never trusted: the new text is read again by an independent
// parser, kyaml's, and must mean what the edited tree says.
//
// Documents that our reader does not take (complex keys, tabs, odd styles) are
// read by kyaml. They are edited on the tree and encoded whole, and the Result
// says so.
package yamlpatch
