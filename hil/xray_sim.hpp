#pragma once
#include "base/result.hpp"
#include "hil/agenda.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace hefang::hil {

/// What an inspection machine does with one parcel.
enum class XrayManner {
    clear,
    suspect,
    undecided,       ///< "timeout"
    unjudged,        ///< no side-car
    late_word,       ///< the side-car comes word_late behind the picture
    silent,          ///< nothing at all
    truncated,       ///< half a picture, closed, and a clear
    one_view,        ///< the last view is missing
    wrong_sequence,  ///< the side-car names the number after this one
    judged_again,    ///< clear, and word_late later suspect, in a file of another name
    tip              ///< a projected threat was found
};
[[nodiscard]] std::optional<XrayManner> manner_named(std::string_view name);
/// "clear suspect …", for a help text.
[[nodiscard]] std::string manner_names();

struct XraySimSettings {
    std::string folder;  ///< made when it is not there
    int views = 1;
    std::chrono::milliseconds after{600};  ///< from the eye to the files
    std::chrono::milliseconds word_late{300};
};

/// An inspection machine whose console drops PNG pictures and XML side-cars into a folder, each written beside and
/// renamed in. The same sequence gives the same picture.
class XraySim {
  public:
    [[nodiscard]] static Result<std::unique_ptr<XraySim>> start(XraySimSettings settings);
    ~XraySim();
    XraySim(const XraySim&) = delete;
    XraySim& operator=(const XraySim&) = delete;

    /// A parcel passes the eye now.
    void pass(std::uint16_t sequence, XrayManner manner);
    [[nodiscard]] std::string address() const { return "folder://" + settings_.folder; }
    /// The keys of the device's table that fit this machine.
    [[nodiscard]] std::string settings_text() const;

  private:
    explicit XraySim(XraySimSettings settings) : settings_(std::move(settings)) {}
    void run(const std::stop_token& stop);
    void drop(const std::string& name, const std::string& bytes) const;
    void say(const std::string& name, const std::string& id, std::uint16_t sequence, const char* result,
             bool tip = false) const;
    void show(std::uint16_t sequence, const std::string& id, XrayManner manner);

    XraySimSettings settings_;
    std::mutex mutex_;
    Agenda agenda_;
    std::uint64_t scans_ = 0;
    std::jthread thread_;  // last: it uses the rest
};

/// A grey picture of the given size as a PNG that any decoder reads.
[[nodiscard]] std::string grey_png(std::uint32_t width, std::uint32_t height, std::uint32_t seed);

}  // namespace hefang::hil
