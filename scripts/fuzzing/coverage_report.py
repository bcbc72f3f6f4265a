# SPDX-License-Identifier: Apache-2.0
"""How coverage is shown: the table, the lines not reached, the index of the pages."""

import html

from fuzzing.coverage_data import Reached

PAGE = """<!doctype html>
<meta charset="utf-8"><title>tlsgauge: what the corpora reach</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 62em; padding: 0 1em }}
table {{ border-collapse: collapse; margin: 1em 0 2em }}
th, td {{ text-align: left; padding: .15em 1.2em .15em 0; border-bottom: 1px solid #ddd }}
td.n, th.n {{ text-align: right; font-variant-numeric: tabular-nums }}
tr.low td {{ background: #fdd }}
</style>
<h1>What the corpora reach</h1>
<h2>Parser files</h2>
<p><a href="all/index.html">Line by line</a>, all harnesses together.</p>
{files}
<h2>Harnesses</h2>
<p>Of the files that a harness reaches at all, below src/.</p>
{units}
"""


def functions_text(one):
    """How many functions of how many."""
    return f"{len(one.functions) - len(one.functions_missed)}/{len(one.functions)}"


def print_table(listed):
    """A line for each parser file, and one for all of them."""
    width = max([len(one.path) for one, _ in listed] + [len("all of them")])
    print(f"{'file':{width}}  {'lines':>11} {'%':>6} {'floor':>6}  functions")
    for one, floor in listed:
        counts = f"{one.lines_reached}/{len(one.lines)}"
        mark = "" if one.percent >= floor and not one.functions_missed else "  below"
        print(f"{one.path:{width}}  {counts:>11} {one.percent:6.1f} {floor:6g}  "
              f"{functions_text(one)}{mark}")
    whole = Reached.total([one for one, _ in listed])
    counts = f"{whole.lines_reached}/{len(whole.lines)}"
    print(f"{'all of them':{width}}  {counts:>11} {whole.percent:6.1f} {'':6}  "
          f"{functions_text(whole)}")


def print_missing(listed, root):
    """Each line that was not reached, with its text."""
    for one, _ in listed:
        missed = sorted(number for number, count in one.lines.items() if not count)
        if not missed:
            continue
        source = (root / one.path).read_text().splitlines()
        for number in missed:
            print(f"{one.path}:{number}: {source[number - 1].rstrip()}")


def table(head, rows):
    """An HTML table; a row is a class and its cells, of which numbers stand to the right."""
    lines = ["<table><tr>" + "".join(f"<th>{word}</th>" for word in head) + "</tr>"]
    for kind, cells in rows:
        lines.append(f'<tr class="{kind}">' + "".join(
            f"<td>{cell}</td>" if at == 0 else f'<td class="n">{cell}</td>'
            for at, cell in enumerate(cells)) + "</tr>")
    return "\n".join(lines) + "\n</table>"


def write_index(path, numbers, listed):
    """The page that leads to llvm-cov's."""
    files = [("" if one.percent >= floor and not one.functions_missed else "low",
              [html.escape(one.path), f"{one.lines_reached}/{len(one.lines)}",
               f"{one.percent:.1f}", f"{floor:g}", functions_text(one)])
             for one, floor in listed]
    units = [("", [f'<a href="{unit}/index.html">{unit}</a>', f"{one.lines_reached}",
                   f"{one.percent:.1f}", functions_text(one)])
             for unit, one in sorted(numbers.items())]
    path.write_text(PAGE.format(
        files=table(["file", "lines", "%", "floor", "functions"], files),
        units=table(["harness", "lines reached", "%", "functions"], units)))
