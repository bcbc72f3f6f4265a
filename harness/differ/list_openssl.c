/* SPDX-License-Identifier: Apache-2.0 */
#include "macros.h"

const struct differ_class differ_classes[] = {
#include "openssl.def"
};
const size_t differ_classes_len = sizeof(differ_classes) / sizeof(differ_classes[0]);
