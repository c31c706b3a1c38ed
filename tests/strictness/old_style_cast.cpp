// SPDX-License-Identifier: MIT
int casted(double value)
{
    return (int)value;
}
