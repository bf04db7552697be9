#include "http/digest_access.hpp"

#include "digest/md5.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::http;

TEST_CASE("digest access: the examples of the standards") {
    const Asked asked{"GET", "/dir/index.html", 1, "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"};
    Challenge c{"http-auth@example.org", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", false, true};
    const Credentials mufasa{"Mufasa", "Circle of Life"};
    CHECK(digest_response(c, mufasa, asked) == "8ca523f5e9506fed4657c9700eebdbec");  // RFC 7616, 3.9.1
    c.sha256 = true;
    CHECK(digest_response(c, mufasa, asked) == "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
    const Challenge old{"testrealm@host.com", "dcd98b7102dd2f0e8b11d0f600bfb0c093", {}, false, true};
    CHECK(digest_response(old, {"Mufasa", "Circle Of Life"}, {"GET", "/dir/index.html", 1, "0a4f113b"}) ==
          "6629fae49393a05397450978507c4ef1");  // RFC 2617, 3.5
    CHECK(md5_hex("") == "d41d8cd98f00b204e9800998ecf8427e");
}

TEST_CASE("digest access: challenges that are answered, and those that are not") {
    struct Row {
        const char* why;
        const char* field;
        std::optional<Challenge> challenge;
    };
    const auto row = GENERATE(values<Row>({
        {"a camera's", "Digest realm=\"Login to 1234\", qop=\"auth\", nonce=\"n1\", opaque=\"o\"",
         Challenge{"Login to 1234", "n1", "o", false, true}},
        {"without quotes, other letter case", "DIGEST Realm=a, NONCE=n1, Algorithm=md5",
         Challenge{"a", "n1", "", false, false}},
        {"SHA-256, and more than one quality",
         "Digest realm=\"a\", nonce=\"n\", algorithm=SHA-256, qop=\"auth-int, auth\"",
         Challenge{"a", "n", "", true, true}},
        {"a quote within", "Digest realm=\"a\\\"b\", nonce=\"n\"", Challenge{"a\"b", "n", "", false, false}},
        {"Basic would say the password", "Basic realm=\"a\"", {}},
        {"an algorithm that is not known", "Digest realm=\"a\", nonce=\"n\", algorithm=MD5-sess", {}},
        {"a quality that is not known", "Digest realm=\"a\", nonce=\"n\", qop=\"auth-int\"", {}},
        {"no nonce", "Digest realm=\"a\"", {}},
        {"cut within quotes", "Digest realm=\"a\", nonce=\"n", Challenge{"a", "n", "", false, false}},
        {"nothing", "", {}},
    }));
    INFO(row.why);
    CHECK(parse_challenge(row.field) == row.challenge);
}

TEST_CASE("digest access: the server takes a right answer once") {
    const Credentials who{"camera", "pa\"ss"};
    Gate gate(who);
    const auto challenge = parse_challenge(gate.challenge());
    REQUIRE(challenge);
    const auto field = [&](std::uint32_t count, const Credentials& as, std::string_view uri = "/p") {
        return authorization(*challenge, as, {"POST", uri, count, "c"});
    };
    CHECK_FALSE(gate.admits("", "POST", "/p"));
    CHECK_FALSE(gate.admits(field(1, {"camera", "other"}), "POST", "/p"));
    CHECK_FALSE(gate.admits(field(1, {"other", "pa\"ss"}), "POST", "/p"));
    CHECK_FALSE(gate.admits(field(1, who), "PUT", "/p"));
    CHECK_FALSE(gate.admits(field(1, who, "/q"), "POST", "/p"));
    CHECK(gate.admits(field(1, who), "POST", "/p"));
    CHECK_FALSE(gate.admits(field(1, who), "POST", "/p"));  // once
    CHECK(gate.admits(field(2, who), "POST", "/p"));
    for (std::size_t i = 0; i < Gate::most_nonces; ++i) (void)gate.challenge();
    CHECK_FALSE(gate.admits(field(3, who), "POST", "/p"));  // forgotten
}

TEST_CASE("digest access: a secret comes from a file that not everybody reads") {
    char name[] = "/tmp/hefang-secret-XXXXXX";
    REQUIRE(::mkdtemp(name) != nullptr);
    const std::string path = std::string(name) + "/secret";
    const auto put = [&](const std::string& text, mode_t mode) {
        std::ofstream(path, std::ios::trunc) << text;
        REQUIRE(::chmod(path.c_str(), mode) == 0);
        return read_secret(path);
    };
    CHECK(put("pa ss\nmore", 0600).value() == "pa ss");
    CHECK(put("x", 0640).value() == "x");
    CHECK(put("x", 0644).error().detail.find("everybody") != std::string::npos);
    CHECK_FALSE(put("", 0600));
    CHECK_FALSE(put("\nx", 0600));
    CHECK(put(std::string(128, 'x'), 0600));
    CHECK_FALSE(put(std::string(129, 'x'), 0600));
    CHECK_FALSE(read_secret(name));
    CHECK_FALSE(read_secret(path + "no"));
    (void)std::remove(path.c_str());
    (void)std::remove(name);
}
