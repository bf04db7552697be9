#pragma once
#include "base/counters.hpp"
#include "base/result.hpp"
#include "link/address.hpp"
#include "probe/speaker.hpp"

#include <chrono>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::app {

/// What `hefang probe` says on stdout, as it comes: lines for a person, or one JSON object a line, each with the
/// milliseconds since the begin. For one thread.
class ProbePrint {
  public:
    explicit ProbePrint(bool json) : json_(json) {}

    void opened(const link::LinkAddress& address);
    /// `way`: "in" or "out".
    void bytes(std::string_view way, std::string_view bytes);
    void reading(const std::string& text);
    /// What was refused since the last call.
    void refusals(const Counters& counters);
    void lost(const Error& error);
    void registers(int first, std::span<const std::uint16_t> values);
    /// At the end of listening without a protocol.
    void speakers(const std::vector<probe::Speaker>& speakers, bool heard);
    /// At the end of listening with one.
    void totals(std::uint64_t valid, const Counters& counters);

  private:
    /// The time in front of a line.
    [[nodiscard]] std::string stamp() const;
    [[nodiscard]] std::int64_t ms() const;
    void line(std::string_view mark, const std::string& text);

    bool json_;
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
    std::map<std::string, std::uint64_t> refused_;
};

}  // namespace hefang::app
