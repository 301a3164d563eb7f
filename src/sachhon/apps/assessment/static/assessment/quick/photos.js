// A photo made small on the device before it is kept: a picture of 50 MB becomes some 400 kB, upright, and
// without the place where it was taken.
window.Quick = window.Quick || {};

Quick.PHOTO = { side: 2000, quality: 0.82, largestMb: 100 };

Quick.NotAPhoto = class extends Error {};
Quick.TooBig = class extends Error {};

Quick.shrink = async (file) => {
  if (file.size > Quick.PHOTO.largestMb * 1024 * 1024) throw new Quick.TooBig();
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new Quick.NotAPhoto();
  }
  const scale = Math.min(1, Quick.PHOTO.side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", Quick.PHOTO.quality));
  if (!blob) throw new Quick.NotAPhoto();
  return blob;
};
