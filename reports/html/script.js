"use strict";
// Shows the results a page at a time, so that tens of thousands of them cost no
// more than a hundred. Strings from accounts reach the document as text only.
(() => {
  const of = (id) => document.getElementById(id);
  const read = (id) => JSON.parse(of("data-" + id).textContent);
  const rules = read("rules"), results = read("results"), statuses = read("statuses"), severities = read("severities"), frameworks = read("frameworks");
  const size = 100, printed = 1000; // rows of a page, and of all pages on paper
  const body = of("rows"), said = of("said"), back = of("back"), next = of("next");
  const query = of("query"), status = of("status"), severity = of("severity"), control = of("control"), rule = of("rule");
  // A result is [rule, status, name, place, why, delta]; rule and status are
  // places in their lists.
  const columns = {
    rule: (r) => rules[r[0]].id, severity: (r) => rules[r[0]].rank, status: (r) => r[1], name: (r) => r[2], place: (r) => r[3], why: (r) => r[4],
  };
  let page = 0, order = "severity", down = false, shown = [];

  const texts = results.map((r) => [rules[r[0]].id, rules[r[0]].title, r[2], r[3], r[4], r[5]].join("\n").toLowerCase());
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const number = (n) => n.toLocaleString("en");

  function pick() {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const open = status.value === "open";
    shown = [];
    results.forEach((r, i) => {
      const word = statuses[r[1]], by = rules[r[0]];
      if (open ? word === "pass" || word === "not_applicable" : status.value && word !== status.value) return;
      if (severity.value && by.severity !== severity.value) return;
      if (control.value && !by.controls.includes(control.value)) return;
      if (rule.value && String(r[0]) !== rule.value) return;
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
  }

  function fill(rows) {
    body.replaceChildren();
    for (const r of rows) {
      const by = rules[r[0]], row = body.insertRow(), word = statuses[r[1]];
      const link = document.createElement("a");
      link.href = "#rule-" + r[0];
      link.textContent = by.id;
      link.title = by.title;
      row.insertCell().append(link);
      cell(row, by.severity);
      cell(row, word.replace("_", " ") + (r[5] ? ", " + r[5] : ""), word);
      cell(row, r[2], "name");
      cell(row, r[4]);
      cell(row, r[3]);
    }
  }

  function draw() {
    const pages = Math.max(1, Math.ceil(shown.length / size));
    fill(shown.slice(page * size, (page + 1) * size));
    said.textContent = `${number(shown.length)} of ${number(results.length)} results, page ${number(page + 1)} of ${number(pages)}`;
    back.disabled = page === 0;
    next.disabled = page >= pages - 1;
  }

  function clear() {
    query.value = severity.value = control.value = rule.value = "";
    status.value = "open";
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
  for (const choice of [status, severity, control, rule]) choice.addEventListener("change", pick);
  of("clear").addEventListener("click", () => { clear(); pick(); });
  back.addEventListener("click", () => { page--; draw(); });
  next.addEventListener("click", () => { page++; draw(); });

  // A link to a rule opens it; one to the results of a rule or control picks them.
  const unfold = (id) => { const at = of(id); if (at && at.tagName === "DETAILS") at.open = true; };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    unfold(link.hash.slice(1));
    if (!link.dataset.rule && !link.dataset.control) return;
    clear();
    status.value = "";
    rule.value = link.dataset.rule || "";
    control.value = link.dataset.control || "";
    pick();
  });
  const blocks = document.querySelectorAll("details");
  for (const button of document.querySelectorAll("[data-unfold]")) {
    button.parentElement.hidden = false;
    button.addEventListener("click", () => document.querySelectorAll("details.rule").forEach((d) => { d.open = button.dataset.unfold !== ""; }));
  }

  // Paper has no buttons: it gets what is folded, but for rules of which nothing fails, and more than a page of results.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...blocks].filter((d) => !d.open && (!d.classList.contains("rule") || d.querySelector(".rows")));
    for (const d of folded) d.open = true;
    fill(shown.slice(0, printed));
    said.textContent = `${number(Math.min(shown.length, printed))} of ${number(shown.length)} chosen results, of ${number(results.length)} in all`;
  });
  addEventListener("afterprint", () => { for (const d of folded) d.open = false; draw(); });

  rules.forEach((r, i) => rule.add(new Option(r.id + " " + r.title, i)));
  severities.forEach((s) => severity.add(new Option(s, s)));
  for (const f of frameworks) {
    const group = document.createElement("optgroup");
    group.label = f.title;
    for (const id of f.controls) group.append(new Option(id, f.id + " " + id));
    control.add(group);
  }
  unfold(location.hash.slice(1));
  of("results-live").hidden = false;
  pick();
})();
