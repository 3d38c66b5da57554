// Package yamlpatch changes YAML text where an edit asks for it and nowhere
// else.
//
// Parse reads a document with a reader of our own that knows the byte span of
// every node. Apply edits the tree, works out which lines or characters have to
// change, and splices them into the source: comments, blank lines, quotes, key
// order, line ends and indentation around a change stay as they are.
//
// The printer is never trusted: the new text is read again and must mean what
// the edited tree says. Plain block YAML is read again by our own reader, which
// fuzzing holds to read as kyaml's parser does; a document with anything beyond
// that, such as anchors, folded or multi-line scalars, by kyaml's parser itself.
//
// Documents that our reader does not take (complex keys, tabs, odd styles) are
// read by kyaml. They are edited on the tree and encoded whole, and the Result
// says so.
package yamlpatch
