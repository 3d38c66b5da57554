// Package catalog lists functions as a Function Catalog of KEP-2906 does: what
// they are for, and where their images and programs are. No host reads catalogs
// yet, so it also writes what hosts do read: the annotation of a functionConfig
// for kustomize, the pipeline of a Kptfile for kpt.
package catalog
