package inject

// Mistake is something wrong in the user's own text.
type Mistake struct {
	Field   string   // from the object on
	Message string   // what is wrong, as the end of a sentence
	Repairs []Repair // that put it right; none where nobody can tell what is meant
}
