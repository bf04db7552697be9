#include "evidence/chain.hpp"

#include "base/text.hpp"
#include "evidence/members.hpp"

#include <utility>

namespace hefang::evidence {

std::string_view name_of(Fault fault) {
    switch (fault) {
        case Fault::changed: return "changed";
        case Fault::missing: return "missing";
        case Fault::reordered: return "reordered";
        case Fault::unreadable: return "unreadable";
        case Fault::foreign: return "foreign";
    }
    return "unreadable";
}

ChainChecker::ChainChecker(std::string epoch, std::uint64_t through, const Digest& head)
    : epoch_(std::move(epoch)), last_(through), head_(head), named_(hex(head)) {}

void ChainChecker::feed(std::uint64_t row, std::string_view stored, std::string_view bytes,
                        std::vector<ChainFault>& faults) {
    const bool gap = row != last_ + 1;
    if (gap) {
        const auto count = row - last_ - 1;
        faults.push_back({Fault::missing, last_ + 1, std::to_string(count) + " row(s) are not there"});
    }
    const Digest computed = sha256(bytes);
    const bool same = stored == std::string_view(reinterpret_cast<const char*>(computed.data()), computed.size());
    if (!same) faults.push_back({Fault::changed, row, "the bytes do not hash to the stored hash"});

    // A row whose bytes are known to be changed says nothing more of worth; the row after it still names the old hash.
    if (const auto top = top_level(bytes); !top) {
        if (same) faults.push_back({Fault::unreadable, row, "the bytes are no fact"});
    } else if (same) {
        if (top->number != row)
            faults.push_back({Fault::reordered, row, "the bytes are those of fact " + std::string(top->sequence)});
        else if (!gap && top->prevhash != named_)
            faults.push_back(
                {Fault::changed, row - 1,
                 "fact " + std::to_string(row) + " names another hash of it: changed together with its hash"});
        if (top->epoch != epoch_)
            faults.push_back({Fault::foreign, row, "the bytes are of epoch " + printable(top->epoch, 64)});
    }
    named_ = to_hex(stored);
    head_ = computed;
    last_ = row;
    ++rows_;
}

}  // namespace hefang::evidence
