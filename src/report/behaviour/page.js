/* SPDX-License-Identifier: Apache-2.0 */
/* Everything can be read without this: it filters findings, and opens what a link leads to. */
(() => {
	"use strict";
	const at = (id) => document.getElementById(id);
	const [form, verdict, kind, text, shown] = ["filter", "verdict", "kind", "text", "shown"].map(at);
	const findings = Array.from(document.querySelectorAll("details.f"));
	const groups = Array.from(document.querySelectorAll("details.group"));
	const open_at_first = new Map(groups.map((group) => [group, group.open]));
	const words = new Map();

	/* What a finding says, without its evidence. */
	function words_of(finding) {
		let found = words.get(finding);
		if (found === undefined) {
			found = Array.from(finding.children)
				.filter((part) => !part.classList.contains("ev"))
				.map((part) => part.textContent)
				.join(" ")
				.toLowerCase();
			words.set(finding, found);
		}
		return found;
	}

	function fits(finding, searched) {
		return (!verdict.value || finding.classList.contains(verdict.value)) &&
			(!kind.value || finding.dataset.kind === kind.value) &&
			(!searched || words_of(finding).includes(searched));
	}

	function apply() {
		const searched = text.value.trim().toLowerCase();
		const active = Boolean(verdict.value || kind.value || searched);
		const left = new Map();
		let count = 0;
		for (const finding of findings) {
			finding.hidden = !fits(finding, searched);
			if (!finding.hidden) {
				const group = finding.parentElement;
				left.set(group, (left.get(group) || 0) + 1);
				count++;
			}
		}
		for (const group of groups) {
			const here = left.get(group) || 0;
			group.hidden = here === 0;
			group.open = active ? here > 0 : open_at_first.get(group);
			group.querySelector(".count").textContent = String(here);
		}
		shown.textContent = active ? count + " of " + findings.length : findings.length + " findings";
	}

	function clear() {
		verdict.value = kind.value = text.value = "";
		apply();
	}

	/* The browser opens what is closed by itself or not, by its age; what is filtered out it cannot. */
	function follow() {
		const target = at(location.hash.slice(1));
		if (!target)
			return;
		if (target.closest("[hidden]"))
			clear();
		for (let part = target; part; part = part.parentElement)
			if (part.tagName === "DETAILS")
				part.open = true;
		target.scrollIntoView();
	}

	function set_open(open) {
		for (const finding of findings)
			if (!finding.hidden && finding.parentElement.open)
				finding.open = open;
	}

	form.hidden = false;
	form.addEventListener("submit", (event) => event.preventDefault());
	for (const control of [verdict, kind, text])
		control.addEventListener("input", apply);
	at("open").addEventListener("click", () => set_open(true));
	at("close").addEventListener("click", () => set_open(false));
	for (const button of document.querySelectorAll("button[data-search]")) {
		button.hidden = false;
		button.addEventListener("click", () => {
			verdict.value = kind.value = "";
			text.value = button.dataset.search;
			apply();
			form.scrollIntoView();
		});
	}
	window.addEventListener("hashchange", follow);
	/* Where the page is already, the hash does not change. */
	document.addEventListener("click", (event) => {
		const link = event.target.closest("a");
		if (link && link.hash === location.hash)
			follow();
	});
	apply();
	follow();
})();
