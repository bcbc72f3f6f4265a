# SPDX-License-Identifier: Apache-2.0
"""What scripts/fuzz is made of: a module a verb, and what they share."""
