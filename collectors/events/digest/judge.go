package digest

import (
	"errors"
	"io/fs"
	"strings"
)

// judge says what is known of one digest.
func (w *walk) judge(f *file) state {
	var path *fs.PathError
	switch {
	case errors.As(f.err, &path):
		w.problem(KindUnreadable, f.path, "it cannot be opened: %v", path.Err)
		return unread
	case f.err != nil:
		w.problem(KindDamaged, f.path, "%v", f.err)
		return stray
	case !sameKey(f.path, f.content.Object):
		w.problem(KindMoved, f.path, "it says that it is %s", f.content.Object)
		return stray
	}
	linked, state := w.link(f)
	if state >= bad {
		return state
	}
	signature := ""
	if linked && w.next.content.PrevSignature != nil {
		signature = *w.next.content.PrevSignature
	}
	switch own, err := f.saved(w.fsys); {
	case err != nil:
		w.problem(KindUnreadable, f.path+SignatureSuffix, "%v", err)
	case own != "" && signature != "" && !strings.EqualFold(own, signature):
		w.problem(KindSignature, f.path, "the digest after it repeats another signature than %s", f.kept())
		return bad
	case own != "":
		signature = own
	}
	return w.signed(f, signature, state)
}

// signed checks the signature. A good hash in a verified digest is proof without
// it.
func (w *walk) signed(f *file, signature string, hashed state) state {
	if signature == "" {
		if hashed != proven {
			w.problem(KindNoSignature, f.path, "its signature is not at hand, since S3 keeps it in the object's metadata: save what `aws s3api head-object --bucket %s --key %s` prints beside it, as *%s",
				f.content.Bucket, f.content.Object, SignatureSuffix)
		}
		return hashed
	}
	err := f.verify(w.keys, signature)
	switch {
	case err == nil:
		return proven
	case !errors.Is(err, errNoKey):
		w.problem(KindSignature, f.path, "%v", err)
		return bad
	case hashed != proven:
		w.problem(KindNoKey, f.path, "%v", err)
	}
	return hashed
}
