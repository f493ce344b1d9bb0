package xlsx

import (
	"fmt"
	"strings"
)

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	nsMain  = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	nsRel   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	nsPack  = "http://schemas.openxmlformats.org/package/2006/"
	typeOf  = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

// parts are what makes a workbook of the sheets: path and content, without the
// line that begins every XML file.
func (b *Book) parts() [][2]string {
	var types, sheets, rels, names strings.Builder
	for i, s := range b.sheets {
		n := i + 1
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, n, typeOf)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escape(s.name), n, n)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, n, nsRel, n)
		if at := s.table("$"); at != "" { // what Excel itself writes beside a filter
			fmt.Fprintf(&names, `<definedName name="_xlnm._FilterDatabase" localSheetId="%d" hidden="1">'%s'!%s</definedName>`, i, escape(strings.ReplaceAll(s.name, "'", "''")), at)
		}
	}
	fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/>`, len(b.sheets)+1, nsRel)
	defined := ""
	if names.Len() > 0 {
		defined = "<definedNames>" + names.String() + "</definedNames>"
	}
	return [][2]string{
		{"xl/workbook.xml", `<workbook xmlns="` + nsMain + `" xmlns:r="` + nsRel + `"><sheets>` + sheets.String() + `</sheets>` + defined + `</workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + nsPack + `relationships">` + rels.String() + `</Relationships>`},
		{"xl/styles.xml", styles()},
		{"_rels/.rels", `<Relationships xmlns="` + nsPack + `relationships"><Relationship Id="rId1" Type="` + nsRel + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"[Content_Types].xml", `<Types xmlns="` + nsPack + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + typeOf + `sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="` + typeOf + `styles+xml"/>` + types.String() + `</Types>`},
	}
}
