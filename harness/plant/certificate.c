/* Plants a bug in: certificate_list_encode. The context of TLS 1.3 is left out. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/certificate.h"

void __real_certificate_list_encode(struct builder *b, const struct certificate_list *list,
				    bool tls13);
void __wrap_certificate_list_encode(struct builder *b, const struct certificate_list *list,
				    bool tls13);

void __wrap_certificate_list_encode(struct builder *b, const struct certificate_list *list,
				    bool tls13)
{
	struct certificate_list other = *list;
	other.context.len = 0;
	__real_certificate_list_encode(b, &other, tls13);
}
