/* SPDX-License-Identifier: Apache-2.0 */
/* probes.js - what page.py asks about a page, in the page. */
const all = (selector) => Array.from(document.querySelectorAll(selector));
const one = (selector) => document.querySelector(selector);
const seen = (element) => Boolean(element) &&
	element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true });
const isSeen = (selector) => seen(one(selector));
const buttonsSeen = () => all("button").filter(seen).length;

const landmarks = () => Object.fromEntries(
	["header", "main", "footer"].map((name) => [name, all(`body > ${name}`).length]));

function skippedHeadings() {
	let before = 0;
	const skipped = [];
	for (const heading of all("h1, h2, h3, h4, h5, h6")) {
		const level = Number(heading.tagName[1]);
		if (level > before + 1)
			skipped.push(heading.textContent);
		before = level;
	}
	return skipped;
}

const headersWithoutScope = () => all("th:not([scope])").length + all("table:not(:has(th))").length;
const regionsWithoutName = () => all("[role=region]:not([aria-label])").length;

function doubleIdentifiers() {
	const known = new Set();
	return all("[id]").map((element) => element.id).filter((id) => known.has(id) || !known.add(id));
}

const deadLinks = () => all("a").map((link) => link.getAttribute("href"))
	.filter((href) => !href.startsWith("#") || !document.getElementById(href.slice(1)));

function verdictsWithoutSign() {
	const without = all(".v, .matrix td > a > b").filter((verdict) => {
		const sign = getComputedStyle(verdict, "::before").content;
		return sign === "none" || sign.length < 3 || !verdict.textContent;
	});
	return without.slice(0, 5).map((verdict) => verdict.outerHTML);
}

/* A phone zooms out where a page is too wide: its inner width says nothing then. */
const overflow = (width) => Math.max(0, document.documentElement.scrollWidth - width);

/* sRGB to relative luminance (WCAG 2.2). */
function luminance([red, green, blue]) {
	const [r, g, b] = [red, green, blue].map((value) => {
		const part = value / 255;
		return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);

function behind(element) {
	for (let at = element; at; at = at.parentElement) {
		const colour = numbers(getComputedStyle(at).backgroundColor);
		if (colour.length < 4 || colour[3] === 1)
			return colour;
	}
	return [255, 255, 255];
}

const background = () => behind(document.body)[0];

function contrast(element) {
	const [a, b] = [numbers(getComputedStyle(element).color), behind(element)].map(luminance);
	return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/* Of each kind of element, by its classes and those above it, one is looked at. */
function pale(least) {
	const known = new Set();
	const found = [];
	for (const element of all("body *")) {
		if (!Array.from(element.childNodes).some((node) => node.nodeType === 3 && node.data.trim()))
			continue;
		const kind = [element, element.parentElement, element.parentElement.parentElement]
			.map((part) => `${part.tagName}.${part.className}`).join(" ");
		if (known.has(kind) || element.closest("script, option"))
			continue;
		known.add(kind);
		if (contrast(element) < least)
			found.push(`${kind}: ${contrast(element).toFixed(2)}`);
	}
	return found;
}

const shown = () => all("details.f:not([hidden])")
	.filter((finding) => !finding.parentElement.hidden)
	.map((finding) => finding.querySelector("summary code").textContent);
const told = () => one("#shown").textContent;
const openFindings = () => all("details.f[open]:not([hidden])").filter(seen).length;

function targetIsOpenAndSeen() {
	const target = document.getElementById(location.hash.slice(1));
	const place = target.getBoundingClientRect();
	return [target.open, seen(target) && place.top >= 0 && place.top < innerHeight];
}

/* How many findings the rows of the policy count for the place ending so. */
function counted(place) {
	const row = all("table.rows tr").find((line) => line.textContent.includes(`.policy${place},`));
	return Array.from(row.querySelectorAll("td.n")).reduce((sum, cell) => sum + Number(cell.textContent), 0);
}

const captions = () => Array.from(new Set(all(".f.fail .hex caption").filter(seen)
	.map((caption) => caption.textContent.split(":")[0])));
const isInEvidence = (text) => all(".f.fail .hex td").some((cell) => cell.textContent.trim() === text);
const isText = (text) => document.body.textContent.includes(text);
