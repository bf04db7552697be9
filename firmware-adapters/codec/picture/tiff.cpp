#include "picture/tiff.hpp"

#include <optional>

namespace hefang::codec {
namespace {

// Tags of TIFF 6.0.
constexpr std::uint32_t tag_width = 256, tag_height = 257, tag_strips = 273, tag_strip_bytes = 279, tag_tiles = 324,
                        tag_tile_bytes = 325;
constexpr std::uint32_t type_short = 3, type_long = 4;
constexpr std::uint32_t most_parts = 1U << 20;  ///< strips or tiles that are looked at; a picture of more is refused

/// Numbers of either byte order; nothing beyond the end.
class Bytes {
  public:
    explicit Bytes(std::string_view file) : file_(file), little_(file.front() == 'I') {}
    [[nodiscard]] std::optional<std::uint32_t> at(std::uint64_t place, unsigned size) const {
        if (place + size > file_.size()) return std::nullopt;
        std::uint32_t value = 0;
        for (unsigned i = 0; i < size; ++i) {
            const auto from = place + (little_ ? size - 1 - i : i);
            value = value << 8 | static_cast<unsigned char>(file_[from]);
        }
        return value;
    }
    [[nodiscard]] std::uint64_t size() const { return file_.size(); }

  private:
    std::string_view file_;
    bool little_;
};

/// The values of one entry of a directory.
struct Entry {
    std::uint32_t type = 0, count = 0;
    std::uint64_t values = 0;  ///< where they stand
    [[nodiscard]] unsigned width() const { return type == type_short ? 2 : 4; }
};

std::optional<std::uint32_t> value(const Bytes& file, const Entry& entry, std::uint32_t i) {
    return file.at(entry.values + std::uint64_t{i} * entry.width(), entry.width());
}

struct Directory {
    std::optional<Entry> width, height, strips, strip_bytes, tiles, tile_bytes;
    std::optional<Entry>* named(std::uint32_t tag) {
        switch (tag) {
            case tag_width: return &width;
            case tag_height: return &height;
            case tag_strips: return &strips;
            case tag_strip_bytes: return &strip_bytes;
            case tag_tiles: return &tiles;
            case tag_tile_bytes: return &tile_bytes;
            default: return nullptr;
        }
    }
};

tl::expected<Directory, PictureRefusal> read_directory(const Bytes& file) {
    const auto first = file.at(4, 4);
    if (!first) return tl::unexpected(PictureRefusal::truncated);
    const auto count = file.at(*first, 2);
    if (!count || *first + 2 + std::uint64_t{*count} * 12 + 4 > file.size())
        return tl::unexpected(PictureRefusal::truncated);
    Directory out;
    for (std::uint32_t i = 0; i < *count; ++i) {
        const std::uint64_t at = std::uint64_t{*first} + 2 + std::uint64_t{i} * 12;
        auto* entry = out.named(*file.at(at, 2));
        if (entry == nullptr) continue;
        const Entry read{*file.at(at + 2, 2), *file.at(at + 4, 4), at + 8};
        const bool usable = (read.type == type_short || read.type == type_long) && read.count > 0 && !*entry;
        if (!usable) return tl::unexpected(PictureRefusal::malformed);
        *entry = read;
        if (std::uint64_t{read.count} * read.width() > 4) (*entry)->values = *file.at(at + 8, 4);
    }
    return out;
}

/// Why the picture's parts are not all there.
std::optional<PictureRefusal> fault_of(const Bytes& file, const Entry& offsets, const Entry& sizes) {
    if (offsets.count != sizes.count || offsets.count > most_parts) return PictureRefusal::malformed;
    for (std::uint32_t i = 0; i < offsets.count; ++i) {
        const auto from = value(file, offsets, i);
        const auto bytes = value(file, sizes, i);
        if (!from || !bytes || std::uint64_t{*from} + *bytes > file.size()) return PictureRefusal::truncated;
        if (*bytes == 0) return PictureRefusal::malformed;
    }
    return std::nullopt;
}

}  // namespace

tl::expected<Picture, PictureRefusal> read_tiff(std::string_view bytes) {
    const Bytes file(bytes);
    const auto directory = read_directory(file);
    if (!directory) return tl::unexpected(directory.error());
    const auto& d = *directory;
    const bool tiled = d.tiles.has_value();
    const auto& offsets = tiled ? d.tiles : d.strips;
    const auto& sizes = tiled ? d.tile_bytes : d.strip_bytes;
    if (!d.width || !d.height || !offsets || !sizes) return tl::unexpected(PictureRefusal::malformed);
    if (const auto fault = fault_of(file, *offsets, *sizes)) return tl::unexpected(*fault);
    const auto width = value(file, *d.width, 0);
    const auto height = value(file, *d.height, 0);
    if (!width || !height) return tl::unexpected(PictureRefusal::truncated);
    return Picture{PictureFormat::tiff, *width, *height};
}

}  // namespace hefang::codec
