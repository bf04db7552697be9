#include "vision/load_picture.hpp"

#include "picture/picture.hpp"

#include <cstring>

#include <opencv2/imgcodecs.hpp>

namespace hefang::vision {
namespace {

codec::SightRefusal refusal_of(codec::PictureRefusal why) {
    switch (why) {
        case codec::PictureRefusal::unknown_format: return codec::SightRefusal::unknown_format;
        case codec::PictureRefusal::truncated: return codec::SightRefusal::truncated;
        case codec::PictureRefusal::malformed: return codec::SightRefusal::malformed;
        case codec::PictureRefusal::no_size: return codec::SightRefusal::no_size;
        case codec::PictureRefusal::too_large: return codec::SightRefusal::too_large;
    }
    return codec::SightRefusal::unknown_format;
}

}  // namespace

tl::expected<GreyImage, codec::SightRefusal> load_picture(std::string_view file) {
    if (const auto said = codec::read_picture(file); !said) return tl::unexpected(refusal_of(said.error()));
    cv::Mat grey;
    try {
        const cv::Mat bytes(1, static_cast<int>(file.size()), CV_8U, const_cast<char*>(file.data()));  // read only
        grey = cv::imdecode(bytes, cv::IMREAD_GRAYSCALE);
    } catch (const std::exception&) {  // of the decoders, and of memory that is not there
        return tl::unexpected(codec::SightRefusal::broken);
    }
    if (grey.empty() || grey.type() != CV_8U) return tl::unexpected(codec::SightRefusal::broken);
    GreyImage out{std::vector<std::uint8_t>(grey.total()), grey.cols, grey.rows};
    for (int y = 0; y < grey.rows; ++y)
        std::memcpy(&out.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(grey.cols)], grey.ptr(y),
                    static_cast<std::size_t>(grey.cols));
    return out;
}

}  // namespace hefang::vision
