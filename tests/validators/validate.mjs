// SPDX-License-Identifier: Apache-2.0
// validate.mjs KIND FILE...: reads what tlsgauge wrote with somebody else's reader. One line a fault;
// the exit status is 1 where there is one. Modules are looked up in $VALIDATORS/node_modules.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = process.env.VALIDATORS ?? here;
const modules = createRequire(join(root, 'package.json'));
const faults = [];

function complain(file, sentence) {
	faults.push(`${file}: ${sentence}`);
}

// `parts` takes the text of a file apart into the documents that it holds.
function schemaCheck(file, schemaFile, parts = (text) => [text]) {
	const Ajv = modules('ajv/dist/2020').default;
	const ajv = new Ajv({ allErrors: true, strict: false });
	modules('ajv-formats').default(ajv);
	const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')));
	const documents = parts(readFileSync(file, 'utf8'));
	if (!documents.length)
		complain(file, 'it holds nothing');
	for (const document of documents)
		if (!validate(JSON.parse(document)))
			for (const error of validate.errors.slice(0, 10))
				complain(file, `${error.instancePath} ${error.message}`);
}

function lines(text) {
	return text.split('\n').filter((line) => line);
}

function countsOfTap(file) {
	const { Parser } = modules('tap-parser');
	const parser = new Parser({ strict: true });
	const counts = { points: 0, diagnosed: 0 };
	parser.on('assert', (point) => {
		counts.points++;
		if (!point.ok && !point.todo && !point.diag)
			complain(file, `'${point.name}' is not ok, and has no diagnosis`);
	});
	parser.on('extra', (text) => complain(file, `not TAP: ${JSON.stringify(text)}`));
	parser.end(readFileSync(file, 'utf8'));
	for (const failure of parser.failures.filter((one) => one.tapError))
		complain(file, failure.tapError);
	if (!parser.planEnd || parser.planEnd !== counts.points)
		complain(file, `${counts.points} points, the plan says ${parser.planEnd}`);
}

function csv(file) {
	const { parse } = modules('csv-parse/sync');
	const rows = parse(readFileSync(file), { columns: true, record_delimiter: '\r\n' });
	for (const [index, row] of rows.entries()) {
		if (!row.id || !row.verdict)
			complain(file, `row ${index + 2} has no id or no verdict`);
		if (Object.values(row).some((cell) => /^[=+\-@]/.test(cell)))
			complain(file, `row ${index + 2} has a cell that a spreadsheet would run`);
	}
	if (!rows.length)
		complain(file, 'it has no row');
}

// What a server said must not become markup: neither HTML nor a link, an image or a heading.
function markdown(file) {
	const { Parser } = modules('commonmark');
	const walker = new Parser().parse(readFileSync(file, 'utf8')).walker();
	const admitted = new Set(['document', 'heading', 'paragraph', 'text', 'list', 'item', 'strong',
		'emph', 'softbreak', 'linebreak', 'block_quote', 'thematic_break']);
	for (let step = walker.next(); step; step = walker.next())
		if (!admitted.has(step.node.type))
			complain(file, `holds a ${step.node.type}: ${step.node.literal ?? ''}`);
}

// https://docs.github.com/actions: ::kind key=value,key=value::message
function github(file) {
	const counts = { error: 0, warning: 0, notice: 0 };
	const order = Object.keys(counts);
	let last = 0;
	for (const line of readFileSync(file, 'utf8').split('\n').filter((one) => one)) {
		const found = /^::(error|warning|notice) ((?:[a-z]+=[^:,]*)(?:,[a-z]+=[^:,]*)*)::(.+)$/.exec(line);
		if (!found) {
			if (!/^tlsgauge: \d+ further (error|warning|notice)s /.test(line))
				complain(file, `no annotation: ${line}`);
			continue;
		}
		const place = order.indexOf(found[1]);
		if (place < last)
			complain(file, `a worse one comes late: ${line}`);
		last = place;
		if (++counts[found[1]] > 10)
			complain(file, `more than ten ${found[1]}s`);
	}
}

async function kubernetes(file) {
	const { parseAllDocuments } = modules('yaml');
	for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) {
		const object = document.toJS();
		const path = join(root, 'node_modules/kubernetes-models', object.apiVersion, 'index.js');
		const models = await import(pathToFileURL(path));
		try {
			new models[object.kind](object).validate();
		} catch (error) {
			complain(file, `${object.kind} ${object.metadata.name}: ${error.message}`);
		}
	}
}

// A job's keys, as GitLab's "CI/CD YAML syntax reference" lists them, as far as ours go.
function gitlab(file) {
	const keys = new Set(['extends', 'image', 'stage', 'before_script', 'script', 'parallel',
		'artifacts', 'needs', 'when']);
	const object = modules('yaml').parse(readFileSync(file, 'utf8'));
	for (const [name, job] of Object.entries(object)) {
		if (name === 'variables')
			continue;
		for (const key of Object.keys(job))
			if (!keys.has(key))
				complain(file, `${name}: no such key: ${key}`);
		if (!name.startsWith('.') && !(Array.isArray(job.script) && job.script.length))
			complain(file, `${name}: no script`);
		if (job.extends && !(job.extends in object))
			complain(file, `${name}: extends '${job.extends}', which is not there`);
	}
}

const kinds = {
	json: (file) => schemaCheck(file, join(here, '../../docs/report.schema.json')),
	fuzz: (file) => schemaCheck(file, join(here, '../../docs/fuzz.schema.json')),
	explain: (file) => schemaCheck(file, join(here, '../../docs/explain.schema.json'), lines),
	codequality: (file) => schemaCheck(file, join(here, 'codeclimate.schema.json')),
	tap: countsOfTap,
	csv,
	markdown,
	github,
	kubernetes,
	gitlab,
};

const [kind, ...files] = process.argv.slice(2);
if (!kinds[kind] || !files.length) {
	console.error(`usage: validate.mjs ${Object.keys(kinds).join('|')} FILE...`);
	process.exit(2);
}
for (const file of files)
	await kinds[kind](file);
for (const fault of faults)
	console.log(fault);
process.exit(faults.length ? 1 : 0);
