/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/date.h"

#include <stdio.h>

static bool digits(struct span text, size_t at, size_t count, int32_t *out)
{
	*out = 0;
	for (size_t i = at; i < at + count; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		*out = *out * 10 + (text.at[i] - '0');
	}
	return true;
}

static int32_t days_in_month(int32_t year, int32_t month)
{
	static const int8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return month == 2 && leap ? 29 : days[month - 1];
}

/* Counting years from March puts the leap day last, so that a month's offset is a formula. */
static date days_from(int32_t year, int32_t month, int32_t day)
{
	int32_t y = month > 2 ? year : year - 1;
	int32_t era = (y >= 0 ? y : y - 399) / 400;
	int32_t year_of_era = y - era * 400;
	int32_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	int32_t leaps = year_of_era / 4 - year_of_era / 100;
	return era * 146097 + year_of_era * 365 + leaps + day_of_year - 719468;
}

enum fault date_parse(date *out, struct span text)
{
	int32_t year, month, day;
	if (text.len != 10 || text.at[4] != '-' || text.at[7] != '-')
		return FAULT_MALFORMED;
	if (!digits(text, 0, 4, &year) || !digits(text, 5, 2, &month) || !digits(text, 8, 2, &day))
		return FAULT_MALFORMED;
	if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
		return FAULT_MALFORMED;
	*out = days_from(year, month, day);
	return FAULT_NONE;
}

void date_print(char out[11], date day)
{
	int32_t days = day + 719468;
	int32_t era = (days >= 0 ? days : days - 146096) / 146097;
	int32_t day_of_era = days - era * 146097;
	int32_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int32_t day_of_year =
		day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int32_t shifted = (5 * day_of_year + 2) / 153;
	int32_t month = shifted < 10 ? shifted + 3 : shifted - 9;
	int32_t year = year_of_era + era * 400 + (month <= 2);
	snprintf(out, 11, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month % 100,
		 (unsigned)(day_of_year - (153 * shifted + 2) / 5 + 1) % 100);
}
