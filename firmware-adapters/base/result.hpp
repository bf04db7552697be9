#pragma once
#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace hefang {

/// What the caller can do about a failure; `Error::detail` says what and where in words for a person.
enum class Errc {
    not_found,    ///< the thing named does not exist
    refused,      ///< the input breaks a stated rule or limit; trying the same again fails the same
    unreachable,  ///< a device, file or peer did not answer or went away; try again later
    timeout,      ///< nothing came within the stated time
    closed,       ///< the peer or a stop request ended it
    full,         ///< no room: disk, queue or limit
    corrupt,      ///< stored data do not hold what was written
    busy,         ///< another owner has it
};

struct Error {
    Errc code;
    std::string detail;
    friend bool operator==(const Error&, const Error&) = default;
};

/// A value or the reason why there is none. Exceptions are for programming errors only and never cross a thread.
template <class T>
using Result = tl::expected<T, Error>;

/// The failing half of a Result.
[[nodiscard]] inline tl::unexpected<Error> fail(Errc code, std::string detail) {
    return tl::unexpected<Error>(Error{code, std::move(detail)});
}

}  // namespace hefang
