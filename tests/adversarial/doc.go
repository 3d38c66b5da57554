// Package adversarial gives the program what it should never be given, each input
// to a process of its own, and holds the answer against the one that is expected:
// refused with nothing changed, passed through to the byte, or injected rightly.
package adversarial
