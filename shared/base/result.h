// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <utility>
#include <variant>

namespace dormouse {

/// What kind of failure it was; decides the exit code and how a caller reacts.
enum class ErrorCode {
    Io,            ///< the operating system refused or failed (see systemError)
    NotFound,      ///< no such file
    Permission,    ///< wrong owner, or rights wider than allowed
    Busy,          ///< somebody else holds it
    Malformed,     ///< input that cannot be parsed
    TooLarge,      ///< input over its bound
    Refused,       ///< not a regular file, a symbolic link where none may be, a foreign peer
    NotDurable,    ///< written in place, but it is unknown whether it survives a power cut
    Configuration, ///< wrong key or value
    Unavailable,   ///< no agent answers
};

/// A failure a person can act on: what was tried, on which path, and why it failed.
struct Error {
    ErrorCode code = ErrorCode::Io;
    QString message;     ///< what failed, without the path
    QString path;        ///< the file or socket concerned; empty when there is none
    int systemError = 0; ///< errno, 0 when the operating system gave none

    /// "message: path (strerror)".
    [[nodiscard]] QString text() const;
    bool operator==(const Error &) const = default;
};

/// A value, or the Error that kept it from being made.
template<typename T>
class [[nodiscard]] Result
{
public:
    Result(T value) : m_data(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_data(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool ok() const { return m_data.index() == 0; }
    explicit operator bool() const { return ok(); }
    [[nodiscard]] const T &value() const & { return std::get<0>(m_data); }
    [[nodiscard]] T &value() & { return std::get<0>(m_data); }
    [[nodiscard]] T &&value() && { return std::get<0>(std::move(m_data)); }
    [[nodiscard]] const Error &error() const { return std::get<1>(m_data); }

private:
    std::variant<T, Error> m_data;
};

template<>
class [[nodiscard]] Result<void>
{
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)), m_ok(false) {}

    [[nodiscard]] bool ok() const { return m_ok; }
    explicit operator bool() const { return m_ok; }
    [[nodiscard]] const Error &error() const { return m_error; }

private:
    Error m_error;
    bool m_ok = true;
};

} // namespace dormouse
