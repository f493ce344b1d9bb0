"use strict";
// Shows the results a page at a time, so that tens of thousands of them cost no
// more than a hundred. Strings from accounts reach the document as text only.
(() => {
  const read = (id) => JSON.parse(document.getElementById("data-" + id).textContent);
  const rules = read("rules"), results = read("results"), statuses = read("statuses"), severities = read("severities");
  const size = 100, body = document.getElementById("rows"), said = document.getElementById("said");
  const query = document.getElementById("query"), status = document.getElementById("status"), severity = document.getElementById("severity"), rule = document.getElementById("rule");
  const back = document.getElementById("back"), next = document.getElementById("next");
  // A result is [rule, status, name, place, why, delta]; rule and status are
  // places in their lists.
  const columns = {
    rule: (r) => rules[r[0]].id, severity: (r) => rules[r[0]].rank, status: (r) => r[1], name: (r) => r[2], place: (r) => r[3], why: (r) => r[4],
  };
  let page = 0, order = "severity", down = false, shown = [];

  const texts = results.map((r) => [rules[r[0]].id, rules[r[0]].title, r[2], r[3], r[4], r[5]].join("\n").toLowerCase());
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

  function pick() {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const open = status.value === "open";
    shown = [];
    results.forEach((r, i) => {
      const word = statuses[r[1]];
      if (open ? word === "pass" || word === "not_applicable" : status.value && word !== status.value) return;
      if (severity.value && rules[r[0]].severity !== severity.value) return;
      if (rule.value && rules[r[0]].id !== rule.value) return;
      if (words.every((w) => texts[i].includes(w))) shown.push(r);
    });
    const by = columns[order], sign = down ? -1 : 1;
    shown.sort((a, b) => sign * compare(by(a), by(b)) || compare(a[1], b[1]) || compare(a[0], b[0]));
    page = 0;
    draw();
  }

  function cell(row, text, kind) {
    const td = row.insertCell();
    td.textContent = text;
    if (kind) td.className = kind;
    return td;
  }

  function draw() {
    const pages = Math.max(1, Math.ceil(shown.length / size));
    body.replaceChildren();
    for (const r of shown.slice(page * size, (page + 1) * size)) {
      const of = rules[r[0]], row = body.insertRow(), word = statuses[r[1]];
      const link = document.createElement("a");
      link.href = "#rule-" + r[0];
      link.textContent = of.id;
      link.title = of.title;
      row.insertCell().append(link);
      cell(row, of.severity);
      cell(row, word.replace("_", " ") + (r[5] ? ", " + r[5] : ""), word);
      cell(row, r[2], "name");
      cell(row, r[3]);
      cell(row, r[4]);
    }
    said.textContent = `${shown.length.toLocaleString("en")} of ${results.length.toLocaleString("en")} results, page ${page + 1} of ${pages}`;
    back.disabled = page === 0;
    next.disabled = page >= pages - 1;
  }

  for (const button of document.querySelectorAll("#results-table th button")) {
    button.addEventListener("click", () => {
      const name = button.dataset.column;
      down = order === name && !down;
      order = name;
      for (const th of document.querySelectorAll("#results-table th")) th.removeAttribute("aria-sort");
      button.parentElement.setAttribute("aria-sort", down ? "descending" : "ascending");
      pick();
    });
  }
  let wait;
  query.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(pick, 120); });
  for (const choice of [status, severity, rule]) choice.addEventListener("change", pick);
  back.addEventListener("click", () => { page--; draw(); });
  next.addEventListener("click", () => { page++; draw(); });
  rules.forEach((r) => rule.add(new Option(r.id + " " + r.title, r.id)));
  severities.forEach((s) => severity.add(new Option(s, s)));
  document.getElementById("results-live").hidden = false;
  pick();
})();
