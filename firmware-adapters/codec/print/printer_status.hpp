#pragma once
#include "print/label_job.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hefang::codec::print {

/// What a printer says of itself. `waiting`: labels or formats that it still has to print.
struct Status {
    bool paper_out = false, ribbon_out = false, head_open = false, paused = false, other_fault = false;
    bool busy = false;
    unsigned waiting = 0;
    friend bool operator==(const Status&, const Status&) = default;

    [[nodiscard]] bool able() const { return !paper_out && !ribbon_out && !head_open && !paused && !other_fault; }
    [[nodiscard]] bool idle() const { return able() && !busy && waiting == 0; }
};
/// "paper out, head open"; empty: able.
[[nodiscard]] std::string in_words(const Status& status);

/// The question: ~HS in ZPL, ESC ! ? in TSPL.
[[nodiscard]] std::string_view status_query(Language language);

enum class StatusRefusal { too_long, bad_line, bad_code };
[[nodiscard]] std::string_view name(StatusRefusal reason);

/// Reads answers to status_query() out of a stream; bytes before an answer are skipped. Bounded: at most 256 bytes are
/// held. ZPL: three lines between STX and ETX [M: Zebra ZPL II, ~HS]. TSPL: one byte [M: TSC TSPL2, <ESC>!?].
class StatusParser {
  public:
    static constexpr std::size_t most_held = 256;

    explicit StatusParser(Language language) : language_(language) {}

    struct Fed {
        std::optional<Status> status;  ///< the newest whole one
        std::optional<StatusRefusal> refused;
    };
    [[nodiscard]] Fed feed(std::string_view bytes);
    /// What came so far belongs to no answer.
    void drop() { held_.clear(), lines_.clear(), in_line_ = false; }

  private:
    void feed_zpl(char c, Fed& fed);
    void take_line(Fed& fed);

    Language language_;
    std::string held_;
    std::vector<std::string> lines_;
    bool in_line_ = false;
};

}  // namespace hefang::codec::print
