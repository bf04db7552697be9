#include "vision/read_one.hpp"

#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

namespace hefang::vision {
namespace {

using codec::Symbology;
using ZXing::BarcodeFormat;

constexpr ZXing::BarcodeFormats bar_formats = BarcodeFormat::Code128 | BarcodeFormat::Code39 | BarcodeFormat::ITF |
                                              BarcodeFormat::Codabar | BarcodeFormat::EAN13 | BarcodeFormat::EAN8 |
                                              BarcodeFormat::UPCA;
constexpr ZXing::BarcodeFormats matrix_formats =
    BarcodeFormat::QRCode | BarcodeFormat::DataMatrix | BarcodeFormat::PDF417;

ZXing::BarcodeFormats formats_of(Kinds kinds, bool upc_e) {
    if (kinds == Kinds::matrix) return matrix_formats;
    ZXing::BarcodeFormats formats = bar_formats;
    if (upc_e) formats |= BarcodeFormat::UPCE;
    if (kinds == Kinds::all) formats |= matrix_formats;
    return formats;
}

ZXing::Binarizer binarizer_of(Contrast contrast) {
    switch (contrast) {
        case Contrast::local: return ZXing::Binarizer::LocalAverage;
        case Contrast::row: return ZXing::Binarizer::GlobalHistogram;
        case Contrast::given: return ZXing::Binarizer::FixedThreshold;
    }
    return ZXing::Binarizer::LocalAverage;
}

}  // namespace

std::optional<codec::SeenCode> read_one(const GreyView& picture, Kinds kinds, Contrast contrast, bool upc_e) {
    ZXing::DecodeHints hints;
    hints.setFormats(formats_of(kinds, upc_e));
    hints.setBinarizer(binarizer_of(contrast));
    hints.setTryRotate(kinds != Kinds::bars);
    hints.setTryDownscale(false);
    hints.setMaxNumberOfSymbols(1);
    // The rows of a strip of bars are means of many rows each: one is as good as two of a camera.
    if (kinds == Kinds::bars) hints.setMinLineCount(1);
    const ZXing::ImageView view(picture.data, picture.width, picture.height, ZXing::ImageFormat::Lum,
                                static_cast<int>(picture.stride));
    const auto result = ZXing::ReadBarcode(view, hints);
    if (!result.isValid()) return std::nullopt;
    const auto symbology = codec::symbology_of(ZXing::ToString(result.format()));
    if (!symbology) return std::nullopt;
    return codec::SeenCode{*symbology, result.symbologyIdentifier(), result.text()};
}

}  // namespace hefang::vision
