package events

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"
)

// share is a kind of record and how often it comes, of a thousand. The mix is
// that of an account with many workloads: most of what CloudTrail records there
// is the use of keys, roles and instances; two of a hundred records touch secrets.
var mix = []struct {
	share               int
	source, name        string
	request, additional string
}{
	{430, "kms.amazonaws.com", "Decrypt", `{"encryptionAlgorithm":"SYMMETRIC_DEFAULT","encryptionContext":{"aws:lambda:FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:orders-%d"}}`, ""},
	{120, "kms.amazonaws.com", "GenerateDataKey", `{"keySpec":"AES_256","keyId":"arn:aws:kms:eu-west-1:111122223333:key/5a1e0d2f-%04d","encryptionContext":{"aws:s3:arn":"arn:aws:s3:::data/part-%[1]d"}}`, ""},
	{160, "sts.amazonaws.com", "AssumeRole", `{"roleArn":"arn:aws:iam::111122223333:role/service-%d","roleSessionName":"i-0123456789abcdef0","durationSeconds":3600}`, ""},
	{120, "ec2.amazonaws.com", "DescribeInstances", `{"instancesSet":{"items":[{"instanceId":"i-%017d"}]},"filterSet":{}}`, ""},
	{80, "logs.amazonaws.com", "CreateLogStream", `{"logGroupName":"/aws/lambda/orders-%d","logStreamName":"2026/03/13/[$LATEST]0a1b2c3d"}`, ""},
	{40, "s3.amazonaws.com", "GetBucketAcl", `{"bucketName":"data-%d","Host":"data.s3.eu-west-1.amazonaws.com","acl":""}`, `{"SignatureVersion":"SigV4","CipherSuite":"ECDHE-RSA-AES128-GCM-SHA256","bytesTransferredIn":0,"bytesTransferredOut":480}`},
	{30, "ssm.amazonaws.com", "UpdateInstanceInformation", `{"instanceId":"i-%017d","agentVersion":"3.3.0.0","agentStatus":"Active","platformType":"Linux"}`, ""},
	{12, "secretsmanager.amazonaws.com", "GetSecretValue", `{"secretId":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders/db-%d-AbCdEf"}`, ""},
	{4, "secretsmanager.amazonaws.com", "DescribeSecret", `{"secretId":"orders/db-%d"}`, ""},
	{4, "ssm.amazonaws.com", "GetParameter", `{"name":"/orders/%d/url","withDecryption":true}`, ""},
}

// benchFile is how much text a generated file has.
const benchFile = 8 << 20

// generate writes an archive with about so many bytes of text and returns its
// files and how many records of it are relevant.
func generate(tb testing.TB, dir string, size int64) (files []string, relevant int) {
	tb.Helper()
	random := rand.New(rand.NewPCG(7, 7))
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for written := int64(0); written < size; at = at.Add(5 * time.Minute) {
		name := filepath.Join(dir, filepath.FromSlash(key("111122223333", "eu-west-1", at, "generated0000000")))
		require.NoError(tb, os.MkdirAll(filepath.Dir(name), 0o755))
		f, err := os.Create(name)
		require.NoError(tb, err)
		z := gzip.NewWriter(f)
		w := bufio.NewWriterSize(z, 1<<16)
		_, _ = w.WriteString(`{"Records":[`) // the last Flush has the error
		n := 12
		for first := true; n < benchFile; first = false {
			if !first {
				_ = w.WriteByte(',')
			}
			m, wrote := record1(w, random, at)
			n += wrote
			if mix[m].share < 20 {
				relevant++
			}
		}
		_, _ = w.WriteString(`]}`)
		require.NoError(tb, w.Flush())
		require.NoError(tb, z.Close())
		require.NoError(tb, f.Close())
		files, written = append(files, name), written+int64(n)
	}
	return files, relevant
}

// record1 writes one record with all the members that real ones have.
func record1(w io.Writer, random *rand.Rand, at time.Time) (kind, n int) {
	pick := random.IntN(1000)
	for pick >= mix[kind].share {
		pick -= mix[kind].share
		kind++
	}
	m := mix[kind]
	id := random.IntN(5000)
	additional := ""
	if m.additional != "" {
		additional = `"additionalEventData":` + m.additional + `,`
	}
	n, _ = fmt.Fprintf(w, `{"eventVersion":"1.09","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE%08d:i-%017x","arn":"arn:aws:sts::111122223333:assumed-role/service-%d/i-%017x","accountId":"111122223333","accessKeyId":"ASIAEXAMPLE%09d","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLE%08d","arn":"arn:aws:iam::111122223333:role/service-%d","accountId":"111122223333","userName":"service-%d"},"attributes":{"creationDate":"%s","mfaAuthenticated":"false"},"ec2RoleDelivery":"2.0"}},`+
		`"eventTime":"%s","eventSource":"%s","eventName":"%s","awsRegion":"eu-west-1","sourceIPAddress":"10.%d.%d.%d","userAgent":"aws-sdk-java/2.25.11 Linux/5.10.213-201.855.amzn2.x86_64 OpenJDK_64-Bit_Server_VM/17.0.10 vendor/Amazon.com_Inc. io/sync http/Apache cfg/retry-mode/standard",`+
		`"requestParameters":%s,"responseElements":null,%s"requestID":"%08x-%04x-4000-8000-%012x","eventID":"%08x-%04x-4000-9000-%012x","readOnly":true,"resources":[{"accountId":"111122223333","type":"AWS::KMS::Key","ARN":"arn:aws:kms:eu-west-1:111122223333:key/5a1e0d2f-1111-2222-3333-%012d"}],"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"service.eu-west-1.amazonaws.com"}}`,
		id%300, random.Int64N(1<<60), id%300, id, id, id%300, id%300, id%300, at.Format(time.RFC3339),
		at.Format(time.RFC3339), m.source, m.name, random.IntN(256), random.IntN(256), random.IntN(256), fmt.Sprintf(m.request, id), additional,
		random.Uint32(), random.IntN(1<<16), random.Int64N(1<<48), random.Uint32(), random.IntN(1<<16), random.Int64N(1<<48), id%40)
	return kind, n
}
