// Package inject decides what becomes of a pod template: functions say what
// they want as an Injection, and Make holds it against what the pod has and
// what earlier runs put there, and answers with edits.
//
// Every owner, a function under the name of its configuration, keeps a record
// of what it added in one annotation of the object. A plan first takes away
// what the record names and then adds what is wanted; where both are the same
// nothing changes. So running twice is running once, a changed configuration
// converges, and removing is a plan that wants nothing.
package inject
