package reports

// htmlControls are what the script fills: without scripts the page says so, and
// where the results are.
const htmlControls = `<h2 id="all">All results</h2>
<noscript><p>The table of all results needs scripts; the csv and json reports have the same rows. All that fails is listed above, by rule.</p></noscript>
<div id="results-live" hidden>
<div class="controls" role="search" aria-label="Results">
<label>Search <input id="query" type="search" placeholder="name, rule, account, reason"></label>
<label>Status <select id="status"><option value="open">not passing</option><option value="">all</option><option value="fail">fail</option><option value="unknown">unknown</option><option value="waived">waived</option><option value="pass">pass</option><option value="not_applicable">not applicable</option></select></label>
<label>Severity <select id="severity"><option value="">all</option></select></label>
<label>Control <select id="control"><option value="">all</option></select></label>
<label>Rule <select id="rule"><option value="">all</option></select></label>
<button id="clear" type="button">Clear</button>
</div>
<p class="pages"><span id="said" role="status" aria-live="polite"></span> <button id="back" type="button">Previous</button> <button id="next" type="button">Next</button></p>
<div class="wide" role="group" tabindex="0" aria-label="Table of results"><table id="results-table" class="results"><thead><tr>
<th scope="col"><button type="button" data-column="rule">rule</button></th>
<th scope="col" aria-sort="ascending"><button type="button" data-column="severity">severity</button></th>
<th scope="col"><button type="button" data-column="status">status</button></th>
<th scope="col"><button type="button" data-column="name">resource</button></th>
<th scope="col"><button type="button" data-column="why">why</button></th>
<th scope="col"><button type="button" data-column="place">where</button></th>
</tr></thead><tbody id="rows"></tbody></table></div>
</div>
`
