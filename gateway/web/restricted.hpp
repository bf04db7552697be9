#pragma once
#include <string>

namespace hefang::web {

/// `json` (no blanks between tokens) as any screen may see it: customs' statuses 501 to 599 read "5xx", the folded
/// states T, Y and Q "T"; the alarm `release-after-end` and `prevhash` are left out. While a detention is customs' only
/// one and nothing came after it, nobody who asks over HTTP can tell its kind; what a later receipt shows is in
/// docs/http.md.
[[nodiscard]] std::string for_staff(std::string json);

}  // namespace hefang::web
