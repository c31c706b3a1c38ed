// SPDX-License-Identifier: MIT
#pragma once

#include <limits>
#include <optional>

namespace dormouse {

/// A std::optional that is no larger than its value, for what is kept by the ten thousand: the least value of T stands for nothing. T is an integer or
/// a time point.
template<class T>
class CompactOptional
{
public:
    constexpr CompactOptional() = default;
    constexpr CompactOptional(std::nullopt_t) {}
    constexpr CompactOptional(T value) : m_value(value) {}
    constexpr CompactOptional(std::optional<T> value) : m_value(value.value_or(kNothing)) {}

    [[nodiscard]] constexpr bool hasValue() const { return m_value != kNothing; }
    [[nodiscard]] constexpr explicit operator bool() const { return hasValue(); }
    [[nodiscard]] constexpr const T &operator*() const { return m_value; } ///< only where there is one
    [[nodiscard]] constexpr operator std::optional<T>() const { return hasValue() ? std::optional<T>(m_value) : std::nullopt; }
    constexpr void reset() { m_value = kNothing; }

    friend constexpr bool operator==(const CompactOptional &, const CompactOptional &) = default;
    friend constexpr bool operator==(const CompactOptional &left, const std::optional<T> &right)
    {
        return left == CompactOptional(right);
    }
    friend constexpr bool operator==(const CompactOptional &left, std::nullopt_t) { return !left.hasValue(); }
    friend constexpr bool operator==(const CompactOptional &left, const T &right) { return left.hasValue() && *left == right; }

private:
    static constexpr T least()
    {
        if constexpr (requires { T::min(); })
            return T::min();
        else
            return std::numeric_limits<T>::min();
    }
    static constexpr T kNothing = least();

    T m_value = kNothing;
};

} // namespace dormouse
