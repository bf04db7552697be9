#include "print/label_job.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

using namespace hefang::codec::print;

/// No text begins a command of its own: a label has as many of its language's commands as its elements give it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto carets = [](const std::string& bytes) { return std::count(bytes.begin(), bytes.end(), '^'); };
    const auto lines = [](const std::string& bytes) { return std::count(bytes.begin(), bytes.end(), '\n'); };
    for (const Element& element :
         {Element(Text{1, 1, 30, text}), Element(Code128{1, 1, 30, text}), Element(Qr{1, 1, 5, text})}) {
        Element plain = element;
        std::visit([](auto& e) { e.text = "a"; }, plain);
        const Paper paper{.dots_per_mm = 8, .font = "0"};
        const auto zpl = encode({1000, 500, {element}}, paper, Language::zpl);
        const auto tspl = encode({1000, 500, {element}}, paper, Language::tspl);
        if (zpl && carets(*zpl) != carets(*encode({1000, 500, {plain}}, paper, Language::zpl))) std::abort();
        if (zpl && zpl->find('~') != std::string::npos) std::abort();
        if (tspl && lines(*tspl) != lines(*encode({1000, 500, {plain}}, paper, Language::tspl))) std::abort();
    }
    return 0;
}
