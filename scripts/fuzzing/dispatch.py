# SPDX-License-Identifier: Apache-2.0
"""The command line of scripts/fuzz: a verb is a module with add_parser and run."""

import argparse
import importlib
import importlib.util
import os
import signal
import sys

from fuzzing import common

# In the order of --help.
VERBS = ("start", "resume", "status", "stop", "triage", "minimize", "merge", "coverage", "bench",
         "gate", "stability", "options")
# What start calls, and nobody else.
HIDDEN = ("supervise",)

EXAMPLES = """examples:
  scripts/fuzz start client_hello --jobs 2        in the background, until it is stopped
  scripts/fuzz start all --jobs 2 --time 1h       every harness, an equal share each
  scripts/fuzz status
  scripts/fuzz stop
  scripts/fuzz triage client_hello                what was found, by kind and place
  scripts/fuzz merge client_hello                 what is worth committing, into corpus/

exit status: 0 done; 1 something was found or a floor was missed; 2 wrong usage; 4 our own fault"""


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one sentence."""

    def error(self, message):
        """Say what is wrong, and where help is."""
        raise common.UsageError("%s (see '%s --help')" % (message, self.prog))


def load(verbs):
    """Import the modules of these verbs; those that are not there are left out."""
    present = [verb for verb in verbs if importlib.util.find_spec("fuzzing." + verb)]
    return {verb: importlib.import_module("fuzzing." + verb) for verb in present}


def parser_of(modules):
    """Return the parser with one subcommand a module."""
    parser = Parser(prog="fuzz", description="Fuzzing campaigns over harness/fuzz_*.c.",
                    epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    subparsers = parser.add_subparsers(dest="verb", metavar="VERB", required=True,
                                       parser_class=Parser)
    for module in modules.values():
        module.add_parser(subparsers)
    return parser


def main(arguments):
    """Run one verb and return the exit status."""
    try:
        modules = load(HIDDEN if arguments[:1] == list(HIDDEN) else VERBS)
        args = parser_of(modules).parse_args(arguments)
        return modules[args.verb].run(args)
    except common.UsageError as error:
        common.say(error)
        return 2
    except common.Fault as error:
        common.say(error)
        return 4
    except KeyboardInterrupt:
        common.say("interrupted")
        return 128 + signal.SIGINT
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python must not complain when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
