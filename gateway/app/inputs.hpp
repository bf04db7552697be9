#pragma once
#include "app/pending_import.hpp"
#include "base/clock.hpp"
#include "base/mailbox.hpp"
#include "reading/reading.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>

namespace hefang::app {

/// The platform's word that it has the journal up to `through`, whose hash it says is `head`.
struct PlatformAck {
    std::uint64_t through = 0;
    std::string head;
};

/// A file of customs messages that was judged whole and waits to be taken in slices.
struct FileJudged {
    std::shared_ptr<PendingImport> file;
};

/// The transfer client touched its sign of life beside the inbox.
struct InboxAlive {
    BootTime at;  ///< when that was noticed; it may be told much later
};

/// Everything that reaches the core's thread.
using Message = std::variant<reading::Reading, FileJudged, InboxAlive, PlatformAck>;
using CoreMailbox = Mailbox<Message>;

/// Room of each producer in the mailbox; a full inlet makes its thread stop reading.
constexpr std::size_t device_inlet = 1'024;
constexpr std::size_t import_inlet = 2;
constexpr std::size_t ack_inlet = 64;
constexpr std::size_t turn_takes = 512;  ///< messages a turn at most

}  // namespace hefang::app
