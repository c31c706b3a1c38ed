// SPDX-License-Identifier: MIT
int narrowed(long long value)
{
    return value;
}
