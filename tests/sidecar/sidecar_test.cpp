#include "sidecar/sidecar.hpp"

#include <catch2/catch.hpp>

using namespace hefang::codec;

namespace {

const SidecarFields xml_fields{"Inspection/ScanId",       "Inspection/@sequence", "Inspection/Result/Decision",
                               "Inspection/Result/@user", "Inspection/View",      "Inspection/Time",
                               "Inspection/Tip"};
const SidecarFields json_fields{"scan", "sequence", "result/decision", "result/user", "view", "time", "tip"};

/// "scan=… verdict=…", or the refusal.
std::string said(const std::string& file, SidecarForm form) {
    const auto got = read_sidecar(file, form, form == SidecarForm::xml ? xml_fields : json_fields);
    if (!got) return std::string(name(got.error()));
    std::string out;
    const auto add = [&](const char* key, const std::optional<std::string>& value) {
        if (value) out += (out.empty() ? "" : " ") + std::string(key) + "=" + *value;
    };
    add("scan", got->scan);
    add("sequence", got->sequence);
    add("verdict", got->verdict);
    add("operator", got->operator_id);
    add("view", got->view);
    add("time", got->time);
    add("tip", got->tip);
    return out;
}

std::string nested(std::size_t levels, const char* open, const char* close) {
    std::string out;
    for (std::size_t i = 0; i < levels; ++i) out += open;
    for (std::size_t i = 0; i < levels; ++i) out += close;
    return out;
}

}  // namespace

TEST_CASE("sidecar: the fields stand where the site says, in XML") {
    struct Row {
        const char* why;
        std::string file;
        const char* want;
    };
    const auto row = GENERATE(values<Row>({
        {"all of them",
         "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Inspection sequence=\"17\"><ScanId> A-1 </ScanId><View>2</View>"
         "<Time>2026-11-23 10:15:07</Time><Tip>false</Tip><Result user=\"op 7\"><Decision>clear</Decision></Result>"
         "</Inspection>",
         "scan=A-1 sequence=17 verdict=clear operator=op 7 view=2 time=2026-11-23 10:15:07 tip=false"},
        {"none", "<Inspection/>", ""},
        {"an empty one is none", "<Inspection><Result><Decision> </Decision></Result></Inspection>", ""},
        {"names are local names", "<n:Inspection xmlns:n=\"urn:x\"><n:ScanId>A</n:ScanId></n:Inspection>", "scan=A"},
        {"the same name elsewhere is another", "<Inspection><Old><Decision>clear</Decision></Old></Inspection>", ""},
        {"the whole path, not its end", "<All><Inspection><ScanId>A</ScanId></Inspection></All>", ""},
        {"said twice alike", "<Inspection><View>1</View><View>1</View></Inspection>", "view=1"},
        {"said twice: nobody knows which",
         "<Inspection><Result><Decision>clear</Decision></Result><Result><Decision>"
         "suspect</Decision></Result></Inspection>",
         "sidecar-ambiguous"},
        {"once empty, once not", "<Inspection><View/><View>1</View></Inspection>", "sidecar-ambiguous"},
        {"text around children is one text", "<Inspection><ScanId>A<b>x</b>B</ScanId></Inspection>", "scan=AB"},
        {"CDATA", "<Inspection><ScanId><![CDATA[A&B]]></ScanId></Inspection>", "scan=A&B"},
        {"Chinese", "<Inspection><Result><Decision>放行</Decision></Result></Inspection>", "verdict=放行"},
        {"an entity of XML's own", "<Inspection><ScanId>A&amp;&#66;</ScanId></Inspection>", "scan=A&B"},
        {"ISO-8859-1", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><Inspection><ScanId>\xE9</ScanId></Inspection>",
         "scan=é"},
        {"GBK is not read", "<?xml version=\"1.0\" encoding=\"GBK\"?><Inspection/>", "sidecar-encoding"},
        {"no UTF-8", "<Inspection><ScanId>\xD4\xCB</ScanId></Inspection>", "sidecar-not-formed"},
        {"a document type", "<!DOCTYPE Inspection><Inspection/>", "sidecar-doctype"},
        {"a milliard laughs", "<!DOCTYPE a [<!ENTITY b \"ha\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>", "sidecar-doctype"},
        {"a file of this machine", "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>",
         "sidecar-doctype"},
        {"cut", "<Inspection><ScanId>A</ScanId>", "sidecar-not-formed"},
        {"two roots", "<Inspection/><Inspection/>", "sidecar-not-formed"},
        {"nothing", "", "sidecar-not-formed"},
        {"JSON", "{}", "sidecar-not-formed"},
        {"the deepest", nested(sidecar_depth, "<a>", "</a>"), ""},
        {"one too deep", nested(sidecar_depth + 1, "<a>", "</a>"), "sidecar-too-deep"},
        {"the longest text", "<Inspection><ScanId>" + std::string(sidecar_text, 'a') + "</ScanId></Inspection>",
         "scan="
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaaaaaaaaaaaaaaaaaaa"},
        {"one byte more", "<Inspection><ScanId>" + std::string(sidecar_text + 1, 'a') + "</ScanId></Inspection>",
         "sidecar-bad-value"},
        {"a line break within", "<Inspection><ScanId>a\nb</ScanId></Inspection>", "sidecar-bad-value"},
        {"long text that nobody asked for", "<Inspection>" + std::string(100'000, 'a') + "</Inspection>", ""},
        {"a very long name",
         "<Inspection><" + std::string(2'000, 'a') + "><ScanId>A</ScanId></" + std::string(2'000, 'a') +
             "><ScanId>B</ScanId></Inspection>",
         "scan=B"},
    }));
    INFO(row.why);
    CHECK(said(row.file, SidecarForm::xml) == row.want);
}

TEST_CASE("sidecar: the fields stand where the site says, in JSON") {
    struct Row {
        const char* why;
        std::string file;
        const char* want;
    };
    const auto row = GENERATE(values<Row>({
        {"all of them", R"({"scan":" A-1 ","sequence":17,"view":2,"time":"2026-11-23T10:15:07Z","tip":false,
          "result":{"decision":"clear","user":"op 7"}})",
         "scan=A-1 sequence=17 verdict=clear operator=op 7 view=2 time=2026-11-23T10:15:07Z tip=false"},
        {"none", "{}", ""},
        {"null is none", R"({"scan":null})", ""},
        {"the same name elsewhere is another", R"({"old":{"scan":"A"},"scan":"B"})", "scan=B"},
        {"after members of every kind", R"({"a":[1,{"b":[]},"x"],"c":{},"d":null,"e":1.50,"f":true,"scan":"A"})",
         "scan=A"},
        {"a member said twice", R"({"scan":"A","scan":"B"})", "sidecar-ambiguous"},
        {"an array's elements stand at its name", R"({"scan":["A"]})", "scan=A"},
        {"and are ambiguous", R"({"scan":["A","B"]})", "sidecar-ambiguous"},
        {"objects in an array", R"({"result":[{"decision":"clear"},{"decision":"suspect"}]})", "sidecar-ambiguous"},
        {"a fraction as written", R"({"sequence":17.0})", "sequence=17.0"},
        {"a number beyond all", R"({"sequence":1e999})", "sidecar-not-formed"},
        {"no UTF-8", "{\"scan\":\"\xD4\xCB\"}", "sidecar-not-formed"},
        {"a control character by escape", R"({"scan":"a\u0000b"})", "sidecar-bad-value"},
        {"cut", R"({"scan":"A")", "sidecar-not-formed"},
        {"more behind it", R"({"scan":"A"} x)", "sidecar-not-formed"},
        {"a slash in a name is no path", R"({"result/decision":"clear","scan":"A"})", "scan=A"},
        {"an empty name is nobody's", R"({"":{"scan":"B"},"scan":"A"})", "scan=A"},
        {"a bare value", "17", ""},
        {"nothing", "", "sidecar-not-formed"},
        {"XML", "<a/>", "sidecar-not-formed"},
        {"the deepest", nested(sidecar_depth, "[", "]"), ""},
        {"one too deep", nested(sidecar_depth + 1, "[", "]"), "sidecar-too-deep"},
        {"very deep", nested(100'000, "[", "]"), "sidecar-too-deep"},
    }));
    INFO(row.why);
    CHECK(said(row.file, SidecarForm::json) == row.want);
}

TEST_CASE("sidecar: both sides of the limits of length and number") {
    const auto xml = [](std::size_t elements) {
        std::string out = "<a>";
        for (std::size_t i = 1; i < elements; ++i) out += "<b/>";
        return out + "</a>";
    };
    const auto json = [](std::size_t elements) {
        std::string out = "[0";
        for (std::size_t i = 1; i < elements; ++i) out += ",0";
        return out + "]";
    };
    CHECK(said(xml(sidecar_values), SidecarForm::xml).empty());
    CHECK(said(xml(sidecar_values + 1), SidecarForm::xml) == "sidecar-too-many-values");
    CHECK(said(json(sidecar_values), SidecarForm::json).empty());
    CHECK(said(json(sidecar_values + 1), SidecarForm::json) == "sidecar-too-many-values");
    CHECK(said("{}" + std::string(sidecar_bytes - 2, ' '), SidecarForm::json).empty());
    CHECK(said("{}" + std::string(sidecar_bytes - 1, ' '), SidecarForm::json) == "sidecar-too-long");
}

TEST_CASE("sidecar: a file that is cut anywhere says nothing") {
    const std::string xml = "<Inspection sequence=\"17\"><Result><Decision>clear</Decision></Result></Inspection>";
    const std::string json = R"({"result":{"decision":"clear"},"sequence":17})";
    REQUIRE(said(xml, SidecarForm::xml) == "sequence=17 verdict=clear");
    REQUIRE(said(json, SidecarForm::json) == "sequence=17 verdict=clear");
    for (std::size_t n = 0; n < xml.size(); ++n)
        CHECK(said(xml.substr(0, n), SidecarForm::xml) == "sidecar-not-formed");
    for (std::size_t n = 0; n < json.size(); ++n)
        CHECK(said(json.substr(0, n), SidecarForm::json) == "sidecar-not-formed");
}
