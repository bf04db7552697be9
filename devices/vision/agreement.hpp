#pragma once
#include "sight/sight.hpp"

#include <string>
#include <vector>

namespace hefang::vision {

/// How a read came about. Two reads agree only when their treatments differ.
using Treatment = int;
constexpr Treatment untreated = 0;  ///< pixels as they came: not turned, averaged, sharpened or enlarged

/// Decides which of the reads of one picture are told. A wrong number is worse than none:
/// - Code 128, QR, Data Matrix and PDF417 carry a check of their own: one read counts.
/// - EAN and UPC count at once from the untreated picture, else when two treatments agree, of EAN-8 three.
/// - Code 39, ITF and Codabar need two agreeing reads, since a check digit is not theirs by rule.
/// - UPC-E only when asked for. ITF only at the lengths asked for, and never as a piece of a longer read, told or not.
/// - Two different texts of one kind that both would count, of the same region of the picture: neither does.
class Agreement {
  public:
    explicit Agreement(codec::SightOptions options) : options_(std::move(options)) {}

    /// `region`: number of the place in the picture; reads of the whole picture have no_region.
    void saw(codec::SeenCode code, Treatment treatment, int region);
    /// What saw() was told of this region counts already: no more need to look there.
    [[nodiscard]] bool settled(int region) const;
    /// The codes that count, each once, in the order first seen; at most codec::most_seen.
    [[nodiscard]] std::vector<codec::SeenCode> told() const;

    static constexpr int no_region = -1;

  private:
    struct Read {
        codec::SeenCode code;
        int region = no_region;
        std::vector<Treatment> treatments;  ///< each once
    };
    [[nodiscard]] bool counts(const Read& read) const;
    [[nodiscard]] bool contradicted(const Read& read) const;
    [[nodiscard]] bool piece_of_longer(const Read& read) const;

    codec::SightOptions options_;
    std::vector<Read> reads_;
};

/// The reads that one picture may give before further ones are dropped.
constexpr std::size_t most_reads = 256;

}  // namespace hefang::vision
