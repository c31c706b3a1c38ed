// SPDX-License-Identifier: MIT
int shadowed(int value)
{
    {
        const int value = 2;
        static_cast<void>(value);
    }
    return value;
}
