#include "base/text.hpp"
#include "gatewire/plate_event.hpp"

#include <cstdint>
#include <cstdlib>

using namespace hefang;

namespace {

void look_at(const tl::expected<codec::CameraSaid, codec::CameraRefusal>& said) {
    if (!said) return name(said.error()).empty() ? std::abort() : void();
    const auto* event = std::get_if<codec::PlateEvent>(&*said);
    if (event == nullptr) return;
    if (event->plate.size() > codec::longest_plate || !is_clean_utf8(event->plate)) std::abort();
    for (const auto& word : {event->colour, event->direction, event->time})
        if (word.size() > 32 || !is_clean_utf8(word)) std::abort();
    if (event->same.size() > 128) std::abort();
}

}  // namespace

/// Whatever a camera sends: its words leave clean and bounded.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    look_at(codec::decode_hikvision(text));
    look_at(codec::decode_hikvision("<EventNotificationAlert><eventType>ANPR</eventType><ANPR><licensePlate>" +
                                    std::string(text) + "</licensePlate></ANPR></EventNotificationAlert>"));
    look_at(codec::decode_dahua(text));
    look_at(codec::decode_dahua("Events[0].Code=TrafficJunction\nEvents[0].Object.Text=" + std::string(text)));
    return 0;
}
