#pragma once
#include "customs/ceb.hpp"
#include "customs/judged.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace hefang::customs {

/// Why a node cannot be used.
struct Complaint {
    std::int64_t line = 0;
    std::string element;
    std::string why;
};

/// The fields of one business node while it is read; used again for the next one. Only the first complaint is kept.
class Node {
  public:
    /// Forgets the node before; `line` is where the new one starts.
    void open(std::int64_t line);
    void complain(std::int64_t line, std::string_view element, std::string why);

    void start_field(Element field, std::int64_t line);
    /// Text of the field as the parser hands it over, in pieces; beyond limits::text_bytes nothing is kept.
    void add_text(Element field, std::string_view text);
    void end_field(Element field);
    void start_goods_line(std::int64_t line);

    [[nodiscard]] tl::expected<Declaration, Complaint> declaration();
    [[nodiscard]] tl::expected<Reply, Complaint> reply();

  private:
    struct Rule;
    struct Field {
        std::string text;
        std::int64_t line = 0;  ///< 0: not in this node
    };

    [[nodiscard]] Field& field(Element element);
    [[nodiscard]] std::string_view text(Element element);
    void check(const Rule& rule);
    void fill(core::Version& version);
    [[nodiscard]] core::CustomsTime return_time();
    [[nodiscard]] core::StreamKeys keys();

    std::array<Field, field_count> fields_;
    std::string goods_, content_;
    int goods_lines_ = 0;
    std::int64_t line_ = 0;
    std::optional<Complaint> complaint_;
};

}  // namespace hefang::customs
