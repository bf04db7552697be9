#pragma once
#include "app/config.hpp"
#include "app/config_tree.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::app {

/// All that is wrong with one file, collected while it is read.
class Problems {
  public:
    explicit Problems(std::string file) : file_(std::move(file)) {}
    void add(Place place, std::string what, std::string should);
    /// What is wrong with a file that this one names; said once, however often it is named.
    void add(const std::vector<Problem>& of_another_file);
    [[nodiscard]] bool none() const { return found_.empty(); }
    /// In order of line and column; those of other files behind, in the order in which they were added.
    [[nodiscard]] std::vector<Problem> sorted() const;

  private:
    std::string file_;
    std::vector<Problem> found_;
};

/// A text of the file and where it stands.
struct Word {
    std::string text;
    Place place;
};

/// A value in `allowed` closest to `word`, if it is close enough for a slip of the finger.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& allowed);

/// True for what may be an id: 1 to 64 of A–Z a–z 0–9 - _ . beginning with a letter or digit. Such a text is one
/// level of an MQTT topic, a file name and a certificate's CN without any escaping.
[[nodiscard]] bool is_id(std::string_view text);

/// One table of the file. Every key that is asked for becomes a known one; end() reports the others. A value of the
/// wrong type or out of range is reported and comes back as none.
class Section {
  public:
    /// `name` as a reader of the file would say it: "site", "device 'scale-1'". `members` must outlive the section.
    Section(std::string name, const Members& members, Place place, Problems& problems)
        : name_(std::move(name)), members_(members), place_(place), problems_(problems) {}

    [[nodiscard]] const Member* find(std::string_view key);
    /// As find(); a missing key is reported, with `example` ("kind = \"scale\"") as what would be right.
    [[nodiscard]] const Member* need(std::string_view key, std::string_view example);

    /// Not empty, clean UTF-8, at most `most` bytes.
    [[nodiscard]] std::optional<Word> text(std::string_view key, std::size_t most = 200);
    [[nodiscard]] std::optional<Word> id(std::string_view key);
    [[nodiscard]] std::optional<Word> one_of(std::string_view key, const std::vector<std::string>& allowed);
    [[nodiscard]] std::optional<std::int64_t> whole(std::string_view key, std::int64_t least, std::int64_t most);
    /// Whole or fraction, above 0 unless `zero`, at most `most`.
    [[nodiscard]] std::optional<double> number(std::string_view key, double most, bool zero);
    /// One text or a list of texts.
    [[nodiscard]] std::vector<Word> words(std::string_view key);

    void wrong(Place place, std::string_view key, std::string_view is, std::string should);
    /// Reports keys that nobody asked for.
    void end();

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] Place place() const { return place_; }
    [[nodiscard]] Problems& problems() { return problems_; }
    [[nodiscard]] const Members& members() const { return members_; }

  private:
    std::string name_;
    const Members& members_;
    Place place_;
    Problems& problems_;
    std::vector<std::string> known_;
};

}  // namespace hefang::app
