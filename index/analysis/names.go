package analysis

import "strings"

// isName reports whether a folded word is the name of a product that is written
// with capitals inside and is not found by its parts: nobody who asks for java
// means JavaScript.
func isName(term string) bool {
	_, ok := names[term]
	return ok
}

//nolint:gochecknoglobals // immutable table
var names = makeNames()

func makeNames() map[string]struct{} {
	m := map[string]struct{}{}
	for n := range strings.FieldsSeq(nameList) {
		m[n] = struct{}{}
	}
	return m
}

// nameList holds names with capitals inside whose parts are words of their own.
const nameList = `
activemq airflow arangodb asciidoc autocad autohotkey backblaze bigquery bitbucket bitlocker bittorrent blackberry boltdb chatgpt
circleci clickhouse cloudflare cloudformation cloudfront cloudwatch cockroachdb codeigniter codemirror codepen coffeescript coreos
couchdb cpython databricks datadog deepmind deepseek devops digitalocean dokuwiki dropbox duckdb duckduckgo dynamodb ecmascript
elasticache elasticsearch eslint facebook fastapi filezilla firefox freebsd gitbook github gitlab gitops gnupg goland graphql
graphviz haproxy hashicorp hubspot icloud imagemagick imessage influxdb intellij ipad iphone itunes javadoc javafx javascript
jetbrains jruby jquery jsdoc jsfiddle kubectl latex leetcode leveldb libreoffice linkedin macbook macos macports mailchimp mapbox
mapreduce mariadb markdown matlab mathjax mathml mediawiki memcached minio mongodb mysql neovim netbeans netbsd netflix nodejs nosql
numpy opencl opencv openapi openbsd opengl openid openjdk opensearch openssh openssl openstack opentelemetry opentype openvpn
openwrt orientdb paypal pagerduty phonegap photoshop phpstorm phpunit playstation postcss postgis postgresql postscript powerbi
powerpc powerpoint powershell prestashop pubsub pycharm pypi pypy pytorch quickbooks quicktime rabbitmq reactjs readme restructuredtext
rocksdb rubygems rubymine scylladb sharepoint shellcheck smartos sonarqube soundcloud sourceforge spacex spamassassin sqlalchemy
sqlite stackexchange stackoverflow surrealdb sveltekit swiftui tailwindcss teamcity teamviewer tensorflow tiktok tinymce truetype
typescript unixodbc victoriametrics virtualbox vmware vscode vuejs watchos webassembly webgl webgpu webkit webpack webrtc
webstorm wechat whatsapp wifi winforms wireguard wikipedia wordpress xcode xquery youtrack youtube zeromq zookeeper
`
