package ledger

import (
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// FuzzBlock reads lines as a block of results: whatever they hold, reading ends
// with an error or with results that can be stored again as they are.
func FuzzBlock(f *testing.F) {
	var whole []byte
	w, err := newBlockWriter(func(block []byte) error { whole = block; return nil })
	require.NoError(f, err)
	for _, r := range sampleResults(10) {
		require.NoError(f, w.add(r))
	}
	require.NoError(f, w.finish())
	reader, err := newBlockReader()
	require.NoError(f, err)
	defer reader.close()
	text, err := reader.zstd.DecodeAll(whole, nil)
	require.NoError(f, err)
	f.Add(text, false)
	f.Add(whole, true)
	f.Add([]byte("{\"lists\":[[\"A\"]]}\n{\"statuses\":\"p\"}\n{\"list\":1}"), false)
	f.Add([]byte("{\"lists\":[[\"A\",\"B\"]]}\n{\"statuses\":\"f\",\"details\":{\"7\":null}}"), false)
	pack, err := zstd.NewWriter(nil)
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, raw []byte, packed bool) {
		if !packed {
			raw = pack.EncodeAll(raw, nil)
		}
		list, ok := readBlock(raw)
		if !ok || len(list) == 0 {
			return
		}
		var again []byte
		w, err := newBlockWriter(func(block []byte) error { again = append(again, block...); return nil })
		require.NoError(t, err)
		for _, r := range list {
			require.NoError(t, w.add(r))
		}
		require.NoError(t, w.finish())
		if len(list) < blockResults { // else it is more than one block
			back, ok := readBlock(again)
			require.True(t, ok)
			require.Len(t, back, len(list))
		}
	})
}

func readBlock(raw []byte) (list []*model.Result, ok bool) {
	reader, err := newBlockReader()
	if err != nil {
		return nil, false
	}
	defer reader.close()
	for r, err := range reader.results(raw) {
		if err != nil {
			return nil, false
		}
		list = append(list, r)
	}
	return list, true
}

// FuzzRecord reads a document and the texts of links.
func FuzzRecord(f *testing.F) {
	doc, err := encodeDocument(reportOf(sampleResults(3)), 8)
	require.NoError(f, err)
	f.Add(doc)
	f.Add([]byte(`{"run":"r","links":[[1,2],[9,3]],"body":"00","rules":[{"params":{"a":{"type":"integer","value":1e99}}}]}`))
	pack, err := zstd.NewWriter(nil)
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, raw []byte) {
		if _, err := decodeDocument(raw); err != nil {
			_, _ = decodeDocument(pack.EncodeAll(raw, nil))
		}
		_, _ = entry(raw, nil)
		_, _ = entry(nil, raw)
		v := new(verifier)
		for _, kind := range []string{kindRun, kindChange, kindPrune} {
			_ = v.link(1, kind, raw)
		}
		_ = v.gone.sorted().has(5)
	})
}
